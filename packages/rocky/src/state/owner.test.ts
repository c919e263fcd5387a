import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { hostname } from "node:os";
import { expect, test } from "vitest";
import { ownerMayLive } from "./owner.ts";

const hasKernelView = existsSync("/proc/self/stat");

test("a process that has ended counts as dead, also while nobody has asked how it ended", async () => {
  // The shell becomes `sleep`, which never asks after the child that it has got with it.
  const parent = spawn("sh", ["-c", "sleep 60 & echo $!; exec sleep 60"], {
    stdio: ["ignore", "pipe", "ignore"],
  });
  try {
    const pid = await new Promise<number>((resolve) =>
      parent.stdout.once("data", (text: Buffer) => resolve(Number(text.toString()))),
    );
    const mayLive = () => ownerMayLive(`${hostname()} ${pid} x`);
    expect(mayLive()).toBe(true);
    process.kill(pid);
    await expect.poll(mayLive, { timeout: 10_000 }).toBe(!hasKernelView);
  } finally {
    parent.kill();
  }
});

import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { hostname } from "node:os";
import { expect, test } from "vitest";
import { ownerMayLive } from "./owner.ts";

const hasKernelView = existsSync("/proc/self/stat");

test("a process that has ended counts as dead, also while nobody has asked how it ended", async () => {
  // The shell becomes `sleep`, which never asks after the child that it has got with it.
  const parent = spawn("sh", ["-c", "true & echo $!; exec sleep 60"], {
    stdio: ["ignore", "pipe", "ignore"],
  });
  try {
    const pid = await new Promise<number>((resolve) =>
      parent.stdout.once("data", (text: Buffer) => resolve(Number(text.toString()))),
    );
    await expect.poll(() => ownerMayLive(`${hostname()} ${pid} x`)).toBe(!hasKernelView);
    // The number is still taken.
    expect(process.kill(pid, 0)).toBe(true);
  } finally {
    parent.kill();
  }
});

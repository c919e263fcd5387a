import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { openLocalComputeLogs } from "./local.ts";

it("writes at once, and marks the end", async () => {
  const base = mkdtempSync(join(tmpdir(), "logs-"));
  const capture = openLocalComputeLogs(base).open(["run", "compute_logs", "abc"]);
  const path = join(base, "run/compute_logs/abc");
  capture.write("stdout", "héllo\n");
  capture.write("stderr", new Uint8Array([255, 10]));
  expect(readFileSync(`${path}.out`, "utf8")).toBe("héllo\n");
  expect([...readFileSync(`${path}.err`)]).toEqual([255, 10]);
  expect(existsSync(`${path}.complete`)).toBe(false);
  await capture.close();
  await capture.close();
  capture.write("stdout", "too late");
  expect(existsSync(`${path}.complete`)).toBe(true);
  expect(readFileSync(`${path}.out`, "utf8")).toBe("héllo\n");
  rmSync(base, { recursive: true });
});

it("does not fail who prints when a file cannot be written, and says at the end which one", async () => {
  const base = mkdtempSync(join(tmpdir(), "logs-"));
  const folder = join(base, "run/compute_logs");
  mkdirSync(folder, { recursive: true });
  symlinkSync("/dev/full", join(folder, "abc.err"));
  const capture = openLocalComputeLogs(base).open(["run", "compute_logs", "abc"]);
  capture.write("stdout", "before\n");
  capture.write("stderr", "lost\n");
  capture.write("stdout", "after\n");
  await expect(capture.close()).rejects.toThrow(
    /incomplete from where \S+abc\.err could not be written: ENOSPC/,
  );
  expect(readFileSync(join(folder, "abc.out"), "utf8")).toBe("before\n");
  expect(existsSync(join(folder, "abc.complete"))).toBe(true);
  rmSync(base, { recursive: true });
});

it("stays below its folder", () => {
  expect(() => openLocalComputeLogs("/tmp/logs").open(["../..", "x"])).toThrow(/leads out of/);
});

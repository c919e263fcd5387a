import { afterEach, expect, test, vi } from "vitest";
import { type Patience, withPatience } from "./patience.ts";

afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

const patience: Patience = {
  name: "database d",
  isTransient: (error) => error instanceof RangeError,
  limitMs: () => 600_000,
  pauseMs: () => 0,
  exhausted: (cause, waitedMs) => new Error(`away for ${waitedMs} ms`, { cause }),
};

/** Work that fails `failures` times, each after a time, and then gives its number of attempts. */
function failing(failures: number, milliseconds: number): () => Promise<number> {
  vi.useFakeTimers({ toFake: ["Date"] });
  let attempts = 0;
  return async () => {
    attempts++;
    if (attempts > failures) return attempts;
    vi.setSystemTime(Date.now() + milliseconds);
    throw new RangeError("busy");
  };
}

test("work is done again until it succeeds, and long waits are told now and then", async () => {
  const lines: string[] = [];
  vi.spyOn(process.stderr, "write").mockImplementation((line) => lines.push(String(line)) > 0);
  expect(await withPatience(failing(4, 20_000), patience)).toBe(5);
  expect(lines).toEqual([
    "waiting for the database d since 40 s: busy\n",
    "waiting for the database d since 80 s: busy\n",
  ]);
});

test("patience ends, and other errors need none", async () => {
  vi.spyOn(process.stderr, "write").mockReturnValue(true);
  await expect(withPatience(failing(9, 301_000), patience)).rejects.toThrow("away for 602000 ms");
  const broken = vi.fn(async () => {
    throw new TypeError("broken");
  });
  await expect(withPatience(broken, patience)).rejects.toThrow("broken");
  expect(broken).toHaveBeenCalledTimes(1);
});

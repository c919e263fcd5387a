import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { LockTimeoutError, withLock } from "./lock.ts";

let folder = "";
let path = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "lock-"));
  path = join(folder, "state.lock");
});
afterEach(() => rmSync(folder, { recursive: true }));

const deadPid = (): number => spawnSync(process.execPath, ["-e", ""]).pid;

describe("withLock", () => {
  it("lets one at a time work", async () => {
    let active = 0;
    let most = 0;
    const work = () =>
      withLock(path, async () => {
        most = Math.max(most, ++active);
        await sleep(5);
        active--;
      });
    await Promise.all(Array.from({ length: 8 }, work));
    expect(most).toBe(1);
    expect(existsSync(path)).toBe(false);
  });

  it("gives the lock back when the work fails", async () => {
    await expect(withLock(path, () => Promise.reject(new Error("no")))).rejects.toThrow("no");
    expect(await withLock(path, async () => "free")).toBe("free");
  });

  it("waits a bounded time and names the holder", async () => {
    await withLock(path, async () => {
      const second = withLock(path, async () => "never", { waitMs: 150 });
      await expect(second).rejects.toThrow(LockTimeoutError);
      await expect(second).rejects.toThrow(new RegExp(`process ${process.pid} on .* holds .*state\\.lock`));
    });
  });

  it("takes over the lock of a dead process, with many waiters at once", async () => {
    const holder = { token: "t", pid: deadPid(), host: hostname(), since: 0 };
    writeFileSync(path, JSON.stringify(holder));
    let active = 0;
    let most = 0;
    await Promise.all(
      Array.from({ length: 6 }, () =>
        withLock(path, async () => {
          most = Math.max(most, ++active);
          await sleep(5);
          active--;
        }),
      ),
    );
    expect(most).toBe(1);
  });

  it("leaves a lock alone that somebody else took meanwhile", async () => {
    await withLock(path, async () =>
      writeFileSync(path, JSON.stringify({ token: "other", pid: 1, host: "h", since: 0 })),
    );
    expect(readFileSync(path, "utf8")).toContain("other");
  });

  it("stops waiting when it is aborted", async () => {
    const abort = new AbortController();
    await withLock(path, async () => {
      const second = withLock(path, async () => "never", { signal: abort.signal });
      abort.abort(new Error("enough"));
      await expect(second).rejects.toThrow("enough");
    });
  });
});

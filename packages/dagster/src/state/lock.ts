import { randomUUID } from "node:crypto";
import { mkdir, open, readFile, rm, stat, utimes } from "node:fs/promises";
import { hostname } from "node:os";
import { dirname } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

interface Holder {
  /** Tells holders of one process apart. */
  readonly token: string;
  readonly pid: number;
  readonly host: string;
  /** Epoch milliseconds. */
  readonly since: number;
}

export interface LockOptions {
  /** Longest wait in milliseconds; default one minute. */
  readonly waitMs?: number;
  readonly signal?: AbortSignal;
}

const POLL_MS = 50;
const TOUCH_MS = 5_000;
/** A holder on another machine is given up when it has not touched its lock for this long. */
const REMOTE_STALE_MS = 120_000;
/** Removing a dead lock takes milliseconds; a guard this old was left by a process that died doing it. */
const GUARD_STALE_MS = 10_000;

/** Somebody else kept the lock for the whole of the allowed wait. */
export class LockTimeoutError extends Error {
  override readonly name = "LockTimeoutError";
}

const code = (error: unknown): string | undefined => (error as NodeJS.ErrnoException).code;

const createExclusively = async (path: string, token: string): Promise<boolean> => {
  try {
    const handle = await open(path, "wx");
    const holder: Holder = { token, pid: process.pid, host: hostname(), since: Date.now() };
    await handle.writeFile(JSON.stringify(holder));
    await handle.close();
    return true;
  } catch (error) {
    if (code(error) === "EEXIST") return false;
    throw error;
  }
};

const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return code(error) === "EPERM";
  }
};

const age = async (path: string): Promise<number> => {
  try {
    return Date.now() - (await stat(path)).mtimeMs;
  } catch {
    return 0;
  }
};

const readHolder = async (path: string): Promise<Holder | undefined> => {
  try {
    return JSON.parse(await readFile(path, "utf8")) as Holder;
  } catch {
    // Gone, or created a moment ago and not yet written.
    return undefined;
  }
};

const isStale = async (path: string): Promise<boolean> => {
  const holder = await readHolder(path);
  if (holder === undefined || holder.host !== hostname()) return (await age(path)) > REMOTE_STALE_MS;
  return !isAlive(holder.pid);
};

/**
 * Removes the lock of a dead holder. Only one process may do so at a time, and it looks again first: otherwise
 * two waiters could both see the dead holder, and the slower one would remove the faster one's new lock.
 */
const removeStale = async (path: string): Promise<void> => {
  const guard = `${path}.guard`;
  if (!(await createExclusively(guard, randomUUID()))) {
    if ((await age(guard)) > GUARD_STALE_MS) await rm(guard, { force: true });
    return;
  }
  try {
    if (await isStale(path)) await rm(path, { force: true });
  } finally {
    await rm(guard, { force: true });
  }
};

const acquire = async (path: string, token: string, options: LockOptions): Promise<void> => {
  const waitMs = options.waitMs ?? 60_000;
  const deadline = Date.now() + waitMs;
  while (!(await createExclusively(path, token))) {
    options.signal?.throwIfAborted();
    if (await isStale(path)) {
      await removeStale(path);
      continue;
    }
    if (Date.now() >= deadline) {
      const holder = await readHolder(path);
      const who = holder ? `process ${holder.pid} on ${holder.host}` : "another process";
      throw new LockTimeoutError(
        `${who} holds ${path} and did not finish within ${waitMs / 1000} s; try again when it has ended`,
      );
    }
    await sleep(POLL_MS);
  }
};

/** Runs `work` while holding the lock file; processes and machines that share the folder take turns. */
export const withLock = async <T>(
  path: string,
  work: () => Promise<T>,
  options: LockOptions = {},
): Promise<T> => {
  await mkdir(dirname(path), { recursive: true });
  const token = randomUUID();
  await acquire(path, token, options);
  const touch = setInterval(() => {
    const now = new Date();
    utimes(path, now, now).catch(() => undefined);
  }, TOUCH_MS);
  touch.unref();
  try {
    return await work();
  } finally {
    clearInterval(touch);
    if ((await readHolder(path))?.token === token) await rm(path, { force: true });
  }
};

import { existsSync, realpathSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import type { DuckDBInstance } from "@duckdb/node-api";
import type { OpenOptions } from "../adapter.ts";
import { createMutex, type Mutex } from "../mutex.ts";
import { pause } from "../pause.ts";
import { interruptedError } from "../sql-error.ts";
import { openWaiting } from "./open-waiting.ts";

// DuckDB lets one process write a file, and inside a process one instance must own it (a second one would
// open without complaint and corrupt the file). So every user of a file in this process shares one instance:
// readers side by side, writing commands one after the other. When nobody is left the file is closed, because
// only then can another process have it.

interface OpenFile {
  readonly instance: DuckDBInstance;
  readonly mode: "read" | "write";
  readonly since: number;
}

interface FileEntry {
  readonly file: string;
  readonly writers: Mutex;
  /** Guards the steps from closed to open and from reading to writing. */
  readonly gate: Mutex;
  open: OpenFile | undefined;
  users: number;
  onDrained: (() => void) | undefined;
  /** Until then (`performance.now()`) the file stays closed for other processes to take. */
  yieldUntil: number;
}

export interface Lease {
  readonly instance: DuckDBInstance;
  readonly release: () => void;
}

// One process has one table of open files, whatever number of engines is embedded in it. Entries stay: a
// removed one could still be in the hands of a waiting caller.
const entries = new Map<string, FileEntry>();

/** After this time a queue of writers in one process closes the file once, so that others get a turn. */
const FAIR_SHARE_MS = 2_000;
/** Longer than the longest pause between two attempts of a waiting process. */
const YIELD_MS = 400;
/** A wait inside this process is only worth a message when it lasts. */
const REPORT_QUEUE_AFTER_MS = 1_000;

/** One name for one file, also before it exists and through links. */
const identityOf = (path: string): string => {
  const absolute = resolve(path);
  if (existsSync(absolute)) return realpathSync(absolute);
  const folder = dirname(absolute);
  return existsSync(folder) ? join(realpathSync(folder), basename(absolute)) : absolute;
};

const entryOf = (file: string): FileEntry => {
  const known = entries.get(file);
  if (known !== undefined) return known;
  const entry: FileEntry = {
    file,
    writers: createMutex(),
    gate: createMutex(),
    open: undefined,
    users: 0,
    onDrained: undefined,
    yieldUntil: 0,
  };
  entries.set(file, entry);
  return entry;
};

const closeEntry = (entry: FileEntry): void => {
  entry.open?.instance.closeSync();
  entry.open = undefined;
};

/** The last user closes the file, unless the next writer of this process is about to take it over. */
const closeWhenIdle = (entry: FileEntry): void => {
  if (entry.users > 0 || entry.open === undefined) return;
  const queued = entry.writers.waiting > 0 && entry.open.mode === "write";
  const now = performance.now();
  if (queued && now - entry.open.since < FAIR_SHARE_MS) return;
  if (queued) entry.yieldUntil = now + YIELD_MS;
  closeEntry(entry);
};

const lease = (entry: FileEntry, open: OpenFile, afterwards: () => void): Lease => {
  entry.users += 1;
  let released = false;
  return {
    instance: open.instance,
    release: () => {
      if (released) return;
      released = true;
      entry.users -= 1;
      closeWhenIdle(entry);
      if (entry.users === 0) entry.onDrained?.();
      afterwards();
    },
  };
};

const untilDrained = (entry: FileEntry, signal?: AbortSignal): Promise<void> =>
  new Promise((resolveDrained, reject) => {
    if (entry.users === 0) return resolveDrained();
    const finish = (settle: () => void): void => {
      entry.onDrained = undefined;
      signal?.removeEventListener("abort", onAbort);
      settle();
    };
    const onAbort = (): void => finish(() => reject(interruptedError()));
    entry.onDrained = () => finish(resolveDrained);
    signal?.addEventListener("abort", onAbort, { once: true });
  });

const openEntry = async (entry: FileEntry, options: OpenOptions): Promise<OpenFile> => {
  const rest = entry.yieldUntil - performance.now();
  if (rest > 0) await pause(rest, options.signal);
  const instance = await openWaiting(entry.file, options);
  const open: OpenFile = Object.freeze({ instance, mode: options.mode, since: performance.now() });
  entry.open = open;
  return open;
};

const acquireReading = async (entry: FileEntry, options: OpenOptions): Promise<Lease> => {
  const leaveGate = await entry.gate.acquire(options.signal);
  try {
    return lease(entry, entry.open ?? (await openEntry(entry, options)), () => {});
  } finally {
    leaveGate();
  }
};

const writerTurn = async (entry: FileEntry, options: OpenOptions): Promise<() => void> => {
  const timer = setTimeout(() => {
    const holder = "another command of this process";
    const message = `waiting for '${entry.file}', held by ${holder}`;
    options.onWaiting?.({ message, file: entry.file, holder, waitedMs: REPORT_QUEUE_AFTER_MS });
  }, REPORT_QUEUE_AFTER_MS);
  try {
    return await entry.writers.acquire(options.signal);
  } finally {
    clearTimeout(timer);
  }
};

const acquireWriting = async (entry: FileEntry, options: OpenOptions): Promise<Lease> => {
  const endTurn = await writerTurn(entry, options);
  try {
    const leaveGate = await entry.gate.acquire(options.signal);
    try {
      if (entry.open?.mode === "read") {
        await untilDrained(entry, options.signal);
        closeEntry(entry);
      }
      return lease(entry, entry.open ?? (await openEntry(entry, options)), endTurn);
    } finally {
      leaveGate();
    }
  } catch (error) {
    closeWhenIdle(entry);
    endTurn();
    throw error;
  }
};

/** A share of the file's instance. Waits for other processes, and for other writers of this one. */
const acquireInstance = (path: string, options: OpenOptions): Promise<Lease> => {
  const entry = entryOf(identityOf(path));
  return options.mode === "read" ? acquireReading(entry, options) : acquireWriting(entry, options);
};

/** Keeps a file closed in this process, so that an instance of another file can attach it. */
export const reserveFile = async (path: string, options: OpenOptions): Promise<() => void> => {
  const entry = entryOf(identityOf(path));
  const endTurn = await writerTurn(entry, options);
  try {
    const leaveGate = await entry.gate.acquire(options.signal);
    try {
      await untilDrained(entry, options.signal);
      closeEntry(entry);
    } catch (error) {
      leaveGate();
      throw error;
    }
    return () => {
      leaveGate();
      endTurn();
    };
  } catch (error) {
    endTurn();
    throw error;
  }
};

/** A file's lease, with the files that it will attach kept closed. */
export interface TogetherLease extends Lease {
  /** By path as given: gives the file back. */
  readonly reserved: ReadonlyMap<string, () => void>;
}

/**
 * Takes a file and the files that will be attached to it, in the order of their names: whoever needs several files
 * takes them in the same order, so nobody holds what another one waits for.
 */
export const acquireTogether = async (path: string, options: OpenOptions): Promise<TogetherLease> => {
  const main = identityOf(path);
  const others = new Map(
    (options.attach ?? []).map((other) => [identityOf(other), other] as const).filter(([id]) => id !== main),
  );
  const reserved = new Map<string, () => void>();
  let lease: Lease | undefined;
  const giveBack = (): void => {
    lease?.release();
    for (const release of reserved.values()) release();
  };
  try {
    for (const identity of [main, ...others.keys()].sort()) {
      const other = others.get(identity);
      if (other === undefined) lease = await acquireInstance(path, options);
      else if (existsSync(other)) reserved.set(other, await reserveFile(other, options));
    }
    if (lease === undefined) throw new Error(`no instance of '${path}'`);
    const { instance } = lease;
    return { instance, reserved, release: giveBack };
  } catch (error) {
    giveBack();
    throw error;
  }
};

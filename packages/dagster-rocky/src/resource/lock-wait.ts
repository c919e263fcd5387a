import { setTimeout as sleep } from "node:timers/promises";
import type { EngineEvent } from "./transport.ts";

/** An embedded database and the engine's own state file have one writer at a time. */
const LOCK_TEXT =
  /could not set lock|conflicting lock|database already open|cannot acquire lock|could not acquire lock|database is locked|locked by another|state (store|file) is (locked|busy)/i;

export const isLockText = (text: string): boolean => LOCK_TEXT.test(text);

export interface LockPatience {
  /** How long to wait in total before the lock error becomes the outcome. */
  readonly totalMs: number;
  readonly firstPauseMs: number;
  readonly longestPauseMs: number;
  /** How often the wait is reported again. */
  readonly reportEveryMs: number;
}

export const DEFAULT_PATIENCE: LockPatience = {
  totalMs: 600_000,
  firstPauseMs: 200,
  longestPauseMs: 2_000,
  reportEveryMs: 15_000,
};

/** One attempt: its outcome, and the lock it met, when that is why it did nothing. */
export interface Attempt<T> {
  readonly lockedBy?: string;
  /** Returns the outcome, or throws it. */
  readonly finish: () => T;
}

/**
 * Repeats an engine call that did nothing because another process holds a lock. Only such calls may be
 * repeated: the engine takes its locks before it writes anything.
 */
export const waitForLock = async <T>(
  attempt: () => Promise<Attempt<T>>,
  patience: LockPatience,
  signal: AbortSignal | undefined,
  onEvent: ((event: EngineEvent) => void) | undefined,
): Promise<T> => {
  const startedAt = performance.now();
  let reportedAt = Number.NEGATIVE_INFINITY;
  let pauseMs = patience.firstPauseMs;
  while (true) {
    const { lockedBy, finish } = await attempt();
    const waitedMs = performance.now() - startedAt;
    if (lockedBy === undefined || waitedMs + pauseMs > patience.totalMs || signal?.aborted) return finish();
    if (waitedMs - reportedAt >= patience.reportEveryMs) {
      reportedAt = waitedMs;
      const reason = lockedBy.split("\n")[0] ?? lockedBy;
      onEvent?.({
        level: "warn",
        message: `Waiting for another process to release the database (${Math.round(waitedMs / 1000)} s so far): ${reason}`,
      });
    }
    await sleep(pauseMs, undefined, signal === undefined ? {} : { signal }).catch(() => {});
    pauseMs = Math.min(pauseMs * 1.5, patience.longestPauseMs);
  }
};

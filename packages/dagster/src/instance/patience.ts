import { setTimeout as sleep } from "node:timers/promises";

/** When to do a piece of work again, and for how long. */
export interface Patience {
  /** What is waited for, for the lines on standard error: `database /home/runs.db`. */
  readonly name: string;
  readonly isTransient: (error: unknown) => boolean;
  /** Milliseconds; asked at each failure. */
  readonly limitMs: () => number;
  /** `attempt` is 0 after the first failure. */
  readonly pauseMs: (attempt: number) => number;
  /** What is thrown when the limit is over. */
  readonly exhausted: (error: unknown, waitedMs: number) => unknown;
}

/** Longer waits are told, once in this while. */
const NOTICE_MS = 30_000;

/** Does the work again while its error may pass by itself. */
export async function withPatience<T>(work: () => Promise<T>, patience: Patience): Promise<T> {
  const begun = Date.now();
  let told = begun;
  for (let attempt = 0; ; attempt++) {
    try {
      return await work();
    } catch (error) {
      if (!patience.isTransient(error)) throw error;
      const now = Date.now();
      if (now - begun > patience.limitMs()) throw patience.exhausted(error, now - begun);
      if (now - told > NOTICE_MS) {
        told = now;
        const reason = error instanceof Error ? error.message : String(error);
        const seconds = Math.round((now - begun) / 1000);
        process.stderr.write(`waiting for the ${patience.name} since ${seconds} s: ${reason}\n`);
      }
      await sleep(patience.pauseMs(attempt));
    }
  }
}

import { setTimeout as sleep } from "node:timers/promises";
import { interruptionOf } from "../events/step-errors.ts";

/** How long user code may take to clean up after the run was canceled. */
const CLEANUP_MS = 5_000;

/**
 * Iterates user code and stops waiting for it when the signal fires. The code sees the same signal; it
 * gets a moment to stop its children before the step is given up.
 */
export async function* abortable<T>(
  iterable: AsyncIterable<T>,
  signal: AbortSignal,
  resume: <R>(work: () => R) => R,
  cleanupMs: number = CLEANUP_MS,
): AsyncGenerator<T> {
  const iterator = resume(() => iterable[Symbol.asyncIterator]());
  const aborted = abortPromise(signal);
  let pending: Promise<unknown> = Promise.resolve();
  try {
    for (;;) {
      const next = resume(() => iterator.next());
      pending = next.catch(() => undefined);
      const result = await Promise.race([next, aborted.promise]);
      if (signal.aborted) throw interruptionOf(signal);
      if (result === undefined || result.done === true) return;
      yield result.value;
    }
  } finally {
    aborted.release();
    // A consumer that stopped early, or an abort: the generator's own `finally` blocks must run.
    const closed = pending.then(() => resume(() => iterator.return?.()));
    const given = new AbortController();
    await Promise.race([
      closed.catch(() => undefined),
      sleep(cleanupMs, undefined, { signal: given.signal }).catch(() => undefined),
    ]);
    given.abort();
  }
}

function abortPromise(signal: AbortSignal): { promise: Promise<undefined>; release: () => void } {
  let onAbort: () => void = () => undefined;
  const promise = new Promise<undefined>((resolve) => {
    onAbort = () => resolve(undefined);
    if (signal.aborted) resolve(undefined);
    else signal.addEventListener("abort", onAbort, { once: true });
  });
  return { promise, release: () => signal.removeEventListener("abort", onAbort) };
}

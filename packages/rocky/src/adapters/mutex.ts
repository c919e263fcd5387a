import { interruptedError } from "./sql-error.ts";

export interface Mutex {
  /** Resolves, in order of arrival, with the function that gives the lock back. */
  acquire(signal?: AbortSignal): Promise<() => void>;
  /** How many callers stand in the queue. */
  readonly waiting: number;
}

/** A first-come first-served lock inside this process. */
export const createMutex = (): Mutex => {
  const queue = new Set<() => void>();
  let held = false;

  const passOn = (): void => {
    const next = queue.values().next().value;
    if (next === undefined) {
      held = false;
      return;
    }
    queue.delete(next);
    next();
  };
  const releaseOnce = (): (() => void) => {
    let released = false;
    return () => {
      if (released) return;
      released = true;
      passOn();
    };
  };

  return {
    get waiting() {
      return queue.size;
    },
    acquire: (signal) => {
      if (signal?.aborted) return Promise.reject(interruptedError());
      if (!held) {
        held = true;
        return Promise.resolve(releaseOnce());
      }
      return new Promise((resolve, reject) => {
        const onAbort = (): void => {
          queue.delete(grant);
          reject(interruptedError());
        };
        const grant = (): void => {
          signal?.removeEventListener("abort", onAbort);
          resolve(releaseOnce());
        };
        queue.add(grant);
        signal?.addEventListener("abort", onAbort, { once: true });
      });
    },
  };
};

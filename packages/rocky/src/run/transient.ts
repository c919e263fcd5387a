import { pause } from "../adapters/pause.ts";
import type { ResilienceConfig } from "../config/types/config.ts";
import { failureKindOf } from "./failure.ts";

/** Counts over a whole run; the report has these numbers. */
export interface RetryCounts {
  retriesAttempted: number;
  retriesSucceeded: number;
}

/** How long to wait before try `retry` (1 is the first repetition), in milliseconds. */
export const backoffMs = (policy: ResilienceConfig, retry: number): number => {
  const grown = policy.initialBackoffMs * policy.backoffMultiplier ** (retry - 1);
  const capped = Math.min(policy.maxBackoffMs, grown);
  // Several runs that failed together must not come back together.
  return policy.jitter ? capped * (0.75 + Math.random() / 4) : capped;
};

export interface Transience {
  readonly policy: ResilienceConfig;
  readonly counts: RetryCounts;
  readonly signal: AbortSignal;
  /** Told before each wait. */
  readonly onRetry: (error: unknown, waitMs: number) => void;
}

/** Tries again what failed for a reason that passes by itself; any other failure is thrown at once. */
export const riding = async <T>(
  { policy, counts, signal, onRetry }: Transience,
  work: () => Promise<T>,
): Promise<T> => {
  for (let retry = 1; ; retry += 1) {
    try {
      const result = await work();
      if (retry > 1) counts.retriesSucceeded += 1;
      return result;
    } catch (error) {
      const left =
        retry <= policy.transientMaxRetries &&
        counts.retriesAttempted < (policy.maxRetriesPerRun ?? Number.POSITIVE_INFINITY);
      if (!policy.enabled || !left || failureKindOf(error) !== "transient") throw error;
      counts.retriesAttempted += 1;
      const waitMs = backoffMs(policy, retry);
      onRetry(error, waitMs);
      await pause(waitMs, signal);
    }
  }
};

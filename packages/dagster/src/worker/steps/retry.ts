import type { RetryPolicy } from "../../definitions/assets.ts";
import { Failure, RetryRequested } from "../../definitions/events.ts";
import { InterruptedError, StepError } from "../events/step-errors.ts";

/**
 * The request for another attempt that an error stands for: user code asked for it, or the op's policy
 * grants it. Errors of the framework and interruptions are not retried.
 */
export function retryRequest(
  error: unknown,
  policy: RetryPolicy | undefined,
  previousAttempts: number,
  random: () => number = Math.random,
): RetryRequested | undefined {
  if (error instanceof RetryRequested) return error;
  if (policy === undefined || error instanceof StepError || error instanceof InterruptedError)
    return undefined;
  if (error instanceof Failure && !error.allowRetries) return undefined;
  return new RetryRequested("the op's retry policy asks for another attempt", {
    maxRetries: policy.maxRetries,
    secondsToWait: retryDelay(policy, previousAttempts + 1, random),
    cause: error,
  });
}

/** Seconds to wait before attempt number `attempt` (1 for the first retry). */
export function retryDelay(policy: RetryPolicy, attempt: number, random: () => number): number {
  const base = policy.delay ?? 0;
  const delay = base * backoffFactor(policy, attempt);
  switch (policy.jitter) {
    case "full":
      return random() * delay;
    case "plusMinus":
      return delay + (2 * random() - 1) * base;
    case undefined:
      return delay;
    default:
      return policy.jitter satisfies never;
  }
}

function backoffFactor(policy: RetryPolicy, attempt: number): number {
  switch (policy.backoff) {
    case "exponential":
      return 2 ** attempt - 1;
    case "linear":
      return attempt;
    case undefined:
      return 1;
    default:
      return policy.backoff satisfies never;
  }
}

import { expect, it } from "vitest";
import { Failure, RetryRequested } from "../../definitions/events.ts";
import { StepError } from "../events/step-errors.ts";
import { retryDelay, retryRequest } from "./retry.ts";

it("waits by backoff and jitter", () => {
  const policy = { maxRetries: 5, delay: 10 };
  const delays = (rest: object, random = 0.25) =>
    [1, 2, 3].map((attempt) => retryDelay({ ...policy, ...rest }, attempt, () => random));
  expect(delays({})).toEqual([10, 10, 10]);
  expect(delays({ backoff: "linear" })).toEqual([10, 20, 30]);
  expect(delays({ backoff: "exponential" })).toEqual([10, 30, 70]);
  expect(delays({ backoff: "linear", jitter: "full" })).toEqual([2.5, 5, 7.5]);
  expect(delays({ jitter: "plusMinus" })).toEqual([5, 5, 5]);
  expect(retryDelay({ maxRetries: 1, jitter: "full" }, 1, () => 0.5)).toBe(0);
});

it("retries what user code threw, unless it says otherwise", () => {
  const policy = { maxRetries: 2, delay: 1 };
  const asked = new RetryRequested("again");
  expect(retryRequest(asked, undefined, 0)).toBe(asked);
  expect(retryRequest(new Error("x"), undefined, 0)).toBeUndefined();
  expect(retryRequest(new Error("x"), policy, 0)).toMatchObject({ maxRetries: 2, secondsToWait: 1 });
  expect(retryRequest(new Failure("x", { allowRetries: false }), policy, 0)).toBeUndefined();
  expect(retryRequest(new StepError("an op of the wrong shape"), policy, 0)).toBeUndefined();
});

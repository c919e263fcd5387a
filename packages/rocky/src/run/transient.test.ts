import { expect, test } from "vitest";
import { createDuckDbAdapter } from "../adapters/duckdb/duckdb-adapter.ts";
import { statementError } from "../adapters/duckdb/errors.ts";
import { backoffMs, riding, type Transience } from "./transient.ts";

const policy = {
  enabled: true,
  transientMaxRetries: 3,
  initialBackoffMs: 10,
  maxBackoffMs: 25,
  backoffMultiplier: 2,
  jitter: false,
  circuitBreakerThreshold: 3,
  containFailures: false,
  autoApplyAdditiveDrift: false,
};
const start = (more: Partial<typeof policy> = {}): Transience & { readonly waits: number[] } => {
  const waits: number[] = [];
  return {
    policy: { ...policy, ...more },
    counts: { retriesAttempted: 0, retriesSucceeded: 0 },
    signal: new AbortController().signal,
    onRetry: (_error, waitMs) => waits.push(waitMs),
    waits,
  };
};

test("waits grow up to their limit, and are never longer with jitter", () => {
  expect([1, 2, 3].map((retry) => backoffMs(policy, retry))).toEqual([10, 20, 25]);
  const jittered = backoffMs({ ...policy, jitter: true }, 2);
  expect(jittered).toBeGreaterThanOrEqual(15);
  expect(jittered).toBeLessThanOrEqual(20);
});

test("two transactions that change one row: the one that is refused is tried again", async () => {
  await using session = await createDuckDbAdapter({ name: "default" }).open({ mode: "write", waitMs: 0 });
  await using other = await session.connect();
  await session.execute("CREATE TABLE t AS SELECT 0 AS n");
  await other.execute("BEGIN");
  await other.execute("UPDATE t SET n = n + 1");
  const retries = { ...start(), onRetry: () => other.execute("COMMIT") };
  await riding(retries, () => session.execute("UPDATE t SET n = n + 10"));
  expect(await session.scalar("SELECT n FROM t")).toBe(11);
  expect(retries.counts).toEqual({ retriesAttempted: 1, retriesSucceeded: 1 });
});

test("what does not pass by itself is not tried again, and what does only so often", async () => {
  const once = start();
  await expect(
    riding(once, () => Promise.reject(statementError("x", new Error("Parser Error: x")))),
  ).rejects.toThrow();
  expect(once.waits).toEqual([]);
  const unavailable = statementError("x", new Error("HTTP Error: HTTP GET error on 'http://h/f' (HTTP 503)"));
  const often = start();
  await expect(riding(often, () => Promise.reject(unavailable))).rejects.toBe(unavailable);
  expect(often.waits).toEqual([10, 20, 25]);
  const off = start({ enabled: false });
  await expect(riding(off, () => Promise.reject(unavailable))).rejects.toBe(unavailable);
  expect(off.waits).toEqual([]);
});

import { expect, test } from "vitest";
import { parsePeriod } from "./period.ts";
import { type PartitionRequest, partitionRequest, planPartitions, type TimeInterval } from "./plan.ts";

const daily: TimeInterval = {
  type: "time_interval",
  timeColumn: "day",
  granularity: "day",
  lookback: 0,
  batchSize: 1,
  firstPartition: "2025-02-26",
};
const now = new Date("2025-03-02T23:30:00Z");
const keys = (strategy: TimeInterval, request: PartitionRequest, computed: readonly string[] = []) =>
  planPartitions(strategy, request, now, new Set(computed)).map((batch) =>
    batch.periods.map((period) => period.key).join("+"),
  );
const none = {
  partition: undefined,
  from: undefined,
  to: undefined,
  latest: false,
  missing: false,
  lookback: undefined,
};

test("without flags the current period is computed, with lookback the ones before it too", () => {
  expect(keys(daily, partitionRequest(none))).toEqual(["2025-03-02"]);
  expect(keys(daily, partitionRequest({ ...none, latest: true, lookback: 2 }))).toEqual([
    "2025-02-28",
    "2025-03-01",
    "2025-03-02",
  ]);
  expect(keys({ ...daily, lookback: 1 }, partitionRequest(none))).toEqual(["2025-03-01", "2025-03-02"]);
});

test("a key and a range are inclusive and cross months", () => {
  expect(keys(daily, partitionRequest({ ...none, partition: "2024-02-29" }))).toEqual(["2024-02-29"]);
  expect(keys(daily, partitionRequest({ ...none, from: "2025-02-27", to: "2025-03-01" }))).toEqual([
    "2025-02-27",
    "2025-02-28",
    "2025-03-01",
  ]);
});

test("missing partitions are those from the first one to now that were never computed", () => {
  const missing = partitionRequest({ ...none, missing: true });
  expect(keys(daily, missing, ["2025-02-26", "2025-02-28"])).toEqual([
    "2025-02-27",
    "2025-03-01",
    "2025-03-02",
  ]);
  const { firstPartition: _, ...unbounded } = daily;
  expect(() => keys(unbounded, missing)).toThrow("first_partition");
});

test("a batch holds neighbours only", () => {
  const missing = partitionRequest({ ...none, missing: true });
  expect(keys({ ...daily, batchSize: 3 }, missing, ["2025-02-28"])).toEqual([
    "2025-02-26+2025-02-27",
    "2025-03-01+2025-03-02",
  ]);
});

test("keys are strict in every granularity", () => {
  expect(parsePeriod("hour", "2025-03-02T05").end.toISOString()).toBe("2025-03-02T06:00:00.000Z");
  expect(parsePeriod("month", "2025-12").end.toISOString()).toBe("2026-01-01T00:00:00.000Z");
  expect(parsePeriod("year", "2025").end.toISOString()).toBe("2026-01-01T00:00:00.000Z");
  for (const [granularity, key] of [
    ["day", "2025-4-2"],
    ["day", "2024-13-99"],
    ["day", "2025-02-30"],
    ["hour", "2025-02-03"],
    ["month", "2025-13"],
    ["year", "25"],
    ["day", "0025-01-01"],
  ] as const) {
    expect(() => parsePeriod(granularity, key), key).toThrow(`partition key '${key}'`);
  }
});

test("flags that contradict each other are refused", () => {
  expect(() => partitionRequest({ ...none, partition: "2025-01-01", latest: true })).toThrow("exclude");
  expect(() => partitionRequest({ ...none, from: "2025-01-01" })).toThrow("together");
  expect(() => keys(daily, partitionRequest({ ...none, from: "2025-01-02", to: "2025-01-01" }))).toThrow(
    "after",
  );
});

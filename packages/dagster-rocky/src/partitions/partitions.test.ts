import { expect, test } from "vitest";
import { partitionsDefForTimeInterval } from "./definitions.ts";
import {
  dagsterToRockyPartitionKey,
  partitionKeyArg,
  partitionRangeArgs,
  rockyToDagsterPartitionKey,
} from "./keys.ts";

const iso = (epochSeconds: number) => new Date(epochSeconds * 1000).toISOString();

test.each([
  ["hour", "0 * * * *", "%Y-%m-%d-%H:%M", "2026-04-08T13", "2026-04-08T13:00:00.000Z"],
  ["daily", "0 0 * * *", "%Y-%m-%d", "2026-04-08-13:00", "2026-04-08T00:00:00.000Z"],
  ["month", "0 0 1 * *", "%Y-%m-%d", "2026-04-08", "2026-04-01T00:00:00.000Z"],
  ["yearly", "0 0 1 1 *", "%Y", "2026", "2026-01-01T00:00:00.000Z"],
])("%s partitions", (granularity, cronSchedule, fmt, firstPartition, start) => {
  const definition = partitionsDefForTimeInterval({ granularity, firstPartition });
  expect(definition).toMatchObject({ kind: "timeWindow", cronSchedule, fmt, timezone: "UTC", endOffset: 0 });
  expect(iso(definition.start)).toBe(start);
});

test("begin in 2020 by default, in their own time zone, and may end", () => {
  const options = { granularity: "day", timezone: "America/New_York", endDate: "2026-07-01" };
  const definition = partitionsDefForTimeInterval(options);
  expect(iso(definition.start)).toBe("2020-01-01T05:00:00.000Z");
  expect(iso(definition.end ?? 0)).toBe("2026-07-01T04:00:00.000Z");
});

test("a day on which clocks change begins at its own midnight", () => {
  const berlin = { granularity: "day", timezone: "Europe/Berlin" };
  expect(iso(partitionsDefForTimeInterval({ ...berlin, firstPartition: "2026-03-29" }).start)).toBe(
    "2026-03-28T23:00:00.000Z",
  );
  expect(iso(partitionsDefForTimeInterval({ ...berlin, firstPartition: "2026-03-30" }).start)).toBe(
    "2026-03-29T22:00:00.000Z",
  );
});

test.each([
  { granularity: "week" },
  { granularity: "day", firstPartition: "soon" },
  { granularity: "day", firstPartition: "2026-02-30" },
])("%o is refused", (options) => {
  expect(() => partitionsDefForTimeInterval(options)).toThrow(RangeError);
});

test.each([
  ["hour", "2026-04-08-13:00", "2026-04-08T13"],
  ["daily", "2026-04-08", "2026-04-08"],
  ["month", "2026-04-01", "2026-04"],
  ["year", "2026", "2026"],
])("a key by the %s has two spellings", (grain, dagster, rocky) => {
  expect(dagsterToRockyPartitionKey(grain, dagster)).toBe(rocky);
  expect(rockyToDagsterPartitionKey(grain, rocky)).toBe(dagster);
});

test("a key of another grain is refused", () => {
  expect(() => dagsterToRockyPartitionKey("hour", "2026-04-08")).toThrow(/YYYY-MM-DD-HH:MM/);
  expect(() => rockyToDagsterPartitionKey("month", "2026-04-08")).toThrow(/YYYY-MM/);
  expect(() => dagsterToRockyPartitionKey("week", "x")).toThrow(/granularity/);
});

test("flags", () => {
  expect(partitionKeyArg("k")).toEqual(["--partition", "k"]);
  expect(partitionKeyArg(undefined)).toEqual([]);
  expect(partitionRangeArgs("a", "b")).toEqual(["--from", "a", "--to", "b"]);
  expect(partitionRangeArgs("a", undefined)).toEqual([]);
});

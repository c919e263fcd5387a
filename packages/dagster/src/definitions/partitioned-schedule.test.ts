import { describe, expect, test } from "vitest";
import {
  dailyPartitions,
  dynamicPartitions,
  type InstanceReader,
  job,
  monthlyPartitions,
  multiPartitions,
  partitionedSchedule,
  staticPartitions,
} from "../index.ts";

const daily = dailyPartitions({ start: "2026-01-01", timezone: "Europe/Paris" });
const names: Pick<InstanceReader, "dynamicPartitions"> = { dynamicPartitions: async () => ["eu", "us"] };
const tick = (made: ReturnType<typeof partitionedSchedule>, at: string) =>
  made.evaluate({
    scheduleName: made.name,
    scheduledExecutionTime: Date.parse(at) / 1000,
    log: console,
    signal: new AbortController().signal,
    instance: names as InstanceReader,
    resources: {},
  });
const on = (partitions: Parameters<typeof partitionedSchedule>[0]["partitions"]) =>
  job({ name: "nightly", selection: ["a"], ...(partitions === undefined ? {} : { partitions }) });

describe("a partitioned schedule", () => {
  test("follows the windows of its job, and launches the one that ended", async () => {
    const made = partitionedSchedule({ job: on(daily), hourOfDay: 2, runTags: { team: "x" } });
    expect([made.name, made.cronSchedule, made.executionTimezone]).toEqual([
      "nightly_schedule",
      "0 2 * * *",
      "Europe/Paris",
    ]);
    expect(await tick(made, "2026-03-05T02:00:00+01:00")).toEqual({
      runRequests: [{ runKey: "2026-03-04", partitionKey: "2026-03-04", tags: { team: "x" } }],
    });
    expect(await tick(made, "2026-01-01T02:00:00+01:00")).toEqual({
      skipReason: "no window has ended since the last tick",
    });
  });

  test("launches every key of the other dimension, and every static partition", async () => {
    const multi = multiPartitions({ day: daily, region: dynamicPartitions("regions") });
    const both = await tick(partitionedSchedule({ job: on(multi) }), "2026-03-05T00:00:00+01:00");
    expect(both.runRequests?.map(({ partitionKey }) => partitionKey)).toEqual([
      "2026-03-04|eu",
      "2026-03-04|us",
    ]);
    const fixed = partitionedSchedule({ job: on(staticPartitions(["a", "b"])), cron: "@daily" });
    expect((await tick(fixed, "2026-03-05T00:00:00Z")).runRequests).toHaveLength(2);
  });

  test("skips a window that the partitions leave out", async () => {
    const weekdays = dailyPartitions({ start: "2026-01-01", exclusions: ["0 0 * * 0"] });
    expect(await tick(partitionedSchedule({ job: on(weekdays) }), "2026-03-09T00:00:00Z")).toHaveProperty(
      "skipReason",
    );
  });

  test("refuses what it cannot follow", () => {
    expect(() => partitionedSchedule({ job: on(undefined) })).toThrow("job `nightly` declares no partitions");
    expect(() => partitionedSchedule({ job: on(daily), dayOfWeek: 1 })).toThrow("cannot be moved so");
    expect(() => partitionedSchedule({ job: on(daily), cron: "@daily" })).toThrow(
      "those of its time windows",
    );
    expect(() => partitionedSchedule({ job: on(dynamicPartitions("x")) })).toThrow("needs time windows");
    const monthly = partitionedSchedule({
      job: on(monthlyPartitions({ start: "2026-01-01" })),
      dayOfMonth: 3,
    });
    expect(monthly.cronSchedule).toBe("0 0 3 * *");
  });
});

import { describe, expect, test } from "vitest";
import {
  cronPartitions,
  dailyPartitions,
  dynamicPartitions,
  hasPartitionKey,
  hourlyPartitions,
  joinMultiKey,
  monthlyPartitions,
  multiPartitions,
  partitionKeys,
  partitionKeysInRange,
  partitionKeysInWindow,
  partitionWindow,
  splitMultiKey,
  staticPartitions,
  weeklyPartitions,
} from "../../index.ts";
import { isCron, parseCron } from "./cron.ts";
import { checkFormat, strftime, strptime } from "./strftime.ts";
import { wallSeconds } from "./wall-time.ts";
import { zoneNamed } from "./zone.ts";

const at = (text: string): number => Date.parse(text) / 1000;
const context = (now: string) => ({ now: at(now), dynamicKeys: (name: string) => [`${name}1`, `${name}2`] });

describe("cron", () => {
  test.each([
    ["*/15 * * * *", "minutes", [0, 15, 30, 45]],
    ["5/20 * * * *", "minutes", [5, 25, 45]],
    ["0 22-2 * * *", "hours", [0, 1, 2, 22, 23]],
    ["0 0 * nov-feb *", "months", [1, 2, 11, 12]],
    ["0 0 * * mon-fri", "weekdays", [1, 2, 3, 4, 5]],
    ["0 0 * * 7", "weekdays", [0]],
    ["0-59 * * * *", "minutes", "*"],
    ["0 0 ? * 1", "daysOfMonth", "*"],
  ] as const)("%s", (text, field, values) => expect(parseCron(text)[field]).toEqual(values));

  test.each([
    "",
    "* * * *",
    "60 * * * *",
    "* 24 * * *",
    "* * 32 * *",
    "* * * 13 *",
    "* * * * 8",
    "*/0 * * * *",
    "a * * * *",
    "0 0 30 2 *",
    "0 0 * * 1#6",
    "1 2 3 4 5 6",
  ])("%j is refused", (text) => expect(isCron(text)).toBe(false));
});

describe("zones", () => {
  const paris = zoneNamed("Europe/Paris");

  test("a gap and a repeated hour", () => {
    const gap = wallSeconds(2026, 3, 29, 2, 30);
    expect([paris.exists(gap), paris.isAmbiguous(gap)]).toEqual([false, false]);
    const twice = wallSeconds(2026, 10, 25, 2, 30);
    expect(paris.isAmbiguous(twice)).toBe(true);
    expect(paris.of(twice, 1).instant - paris.of(twice, 0).instant).toBe(3600);
    expect(paris.at(paris.of(twice, 1).instant).fold).toBe(1);
  });

  test("an unknown zone is refused by name", () =>
    expect(() => zoneNamed("Mars/Olympus")).toThrow("Mars/Olympus"));
});

describe("strftime", () => {
  const wall = wallSeconds(2026, 1, 5, 15, 7, 9);

  test.each([
    ["%Y-%m-%dT%H:%M:%S%z", "2026-01-05T15:07:09+0530"],
    ["%d/%m/%y %I:%M %p", "05/01/26 03:07 PM"],
    ["%A %a %B %b %j %U %W %u %w %G-%V", "Monday Mon January Jan 005 01 01 1 1 2026-02"],
    ["100%%", "100%"],
  ])("%s", (format, expected) => expect(strftime(format, wall, 19_800)).toBe(expected));

  test.each([
    "%Y-%m-%d %H:%M:%S",
    "%d/%m/%y %I:%M:%S %p",
    "%Y-%j %H%M%S",
    "%b %d, %Y %H.%M.%S",
    "%Y%m%d%H%M%S%z",
  ])("%s is read back", (format) => {
    const parsed = strptime(strftime(format, wall, -12_600), format);
    expect(parsed?.wall).toBe(wall);
    if (format.includes("%z")) expect(parsed?.offset).toBe(-12_600);
  });

  test("what does not fit is not read", () => {
    expect(strptime("2026-13-01", "%Y-%m-%d")).toBeUndefined();
    expect(strptime("2026-02-30", "%Y-%m-%d")).toBeUndefined();
    expect(() => checkFormat("%Y-%V")).toThrow("%V cannot be read back");
  });
});

describe("time windows", () => {
  test("a day counts once it is over", () => {
    const daily = dailyPartitions({ start: "2026-01-30" });
    expect(partitionKeys(daily, context("2026-02-01T00:00:00Z"))).toEqual(["2026-01-30", "2026-01-31"]);
    expect(partitionKeys(daily, context("2026-01-30T23:59:59Z"))).toEqual([]);
  });

  test("end offsets add and cut", () => {
    const keys = (endOffset: number) =>
      partitionKeys(dailyPartitions({ start: "2026-01-30", endOffset }), context("2026-02-02T12:00:00Z"));
    expect([keys(1).at(-1), keys(0).at(-1), keys(-1).at(-1)]).toEqual([
      "2026-02-02",
      "2026-02-01",
      "2026-01-31",
    ]);
  });

  test("an hour that comes twice has two keys, one that never comes has none", () => {
    const hourly = hourlyPartitions({ start: "2026-10-25-00:00", timezone: "Europe/Paris" });
    expect(partitionKeys(hourly, context("2026-10-25T03:00:00Z"))).toEqual([
      "2026-10-25-00:00",
      "2026-10-25-01:00",
      "2026-10-25-02:00",
      "2026-10-25-02:00+0100",
      "2026-10-25-03:00",
    ]);
    const spring = hourlyPartitions({ start: "2026-03-29-01:00", timezone: "Europe/Paris" });
    expect(partitionKeys(spring, context("2026-03-29T02:00:00Z"))).toEqual([
      "2026-03-29-01:00",
      "2026-03-29-03:00",
    ]);
  });

  test("windows of a local day are 23 or 25 hours where clocks change", () => {
    const daily = dailyPartitions({ start: "2026-01-01", timezone: "Europe/Paris" });
    const length = (key: string) => {
      const { start, end } = partitionWindow(daily, key);
      return (end - start) / 3600;
    };
    expect(["2026-03-28", "2026-03-29", "2026-10-25"].map(length)).toEqual([24, 23, 25]);
    expect(() => partitionWindow(daily, "today")).toThrow("does not have the format");
  });

  test("weeks, months, exclusions and ends", () => {
    const now = context("2026-04-01T00:00:00Z");
    expect(partitionKeys(weeklyPartitions({ start: "2026-03-01", dayOffset: 1 }), now)).toEqual([
      "2026-03-02",
      "2026-03-09",
      "2026-03-16",
      "2026-03-23",
    ]);
    expect(
      partitionKeys(monthlyPartitions({ start: "2026-01-15", exclusions: ["2026-02-01"] }), now),
    ).toEqual(["2026-03-01"]);
    expect(partitionKeys(dailyPartitions({ start: "2026-03-01", end: "2026-03-03" }), now)).toEqual([
      "2026-03-01",
      "2026-03-02",
    ]);
  });

  test("ranges and spans", () => {
    const daily = dailyPartitions({ start: "2026-01-01", exclusions: ["0 0 * * 0"] });
    const now = context("2026-02-01T00:00:00Z");
    expect(partitionKeysInRange(daily, { start: "2026-01-02", end: "2026-01-05" }, now)).toEqual([
      "2026-01-02",
      "2026-01-03",
      "2026-01-05",
    ]);
    expect(() => partitionKeysInRange(daily, { start: "2025-01-02", end: "2026-01-05" }, now)).toThrow(
      "before the first",
    );
    const span = { start: at("2026-01-01T12:00:00Z"), end: at("2026-01-03T00:00:01Z") };
    expect(partitionKeysInWindow(daily, span)).toEqual(["2026-01-02", "2026-01-03"]);
    expect(hasPartitionKey(daily, "2026-01-04", now)).toBe(false);
    expect(hasPartitionKey(daily, "2026-01-05", now)).toBe(true);
  });

  test("a schedule that the exclusions empty, or that never fires, ends with an error", () => {
    const empty = dailyPartitions({ start: "2026-01-01", exclusions: ["0 0 * * *"] });
    expect(() => partitionKeys(empty, context("2026-02-01T00:00:00Z"))).toThrow("leave no window");
    expect(() => cronPartitions({ cron: "0 0 31 2,4 *", start: "2026-01-01", format: "%Y-%m-%d" })).toThrow(
      "never has",
    );
    expect(() => cronPartitions({ cron: "@daily", start: "soon", format: "%Y-%m-%d" })).toThrow(
      "start `soon`",
    );
  });
});

describe("other partitions", () => {
  const now = context("2026-01-03T00:00:00Z");
  const multi = multiPartitions({ b: dailyPartitions({ start: "2026-01-01" }), a: dynamicPartitions("d") });

  test("dimensions join in the order of their names", () => {
    expect(partitionKeys(multi, now)).toEqual([
      "d1|2026-01-01",
      "d1|2026-01-02",
      "d2|2026-01-01",
      "d2|2026-01-02",
    ]);
    expect(splitMultiKey(multi, "d1|2026-01-01")).toEqual({ a: "d1", b: "2026-01-01" });
    expect(joinMultiKey(multi, { b: "2026-01-01", a: "d1" })).toBe("d1|2026-01-01");
    expect(partitionKeysInRange(multi, { start: "d1|2026-01-02", end: "d2|2026-01-02" }, now)).toEqual([
      "d1|2026-01-02",
      "d2|2026-01-02",
    ]);
    expect(hasPartitionKey(multi, "d3|2026-01-01", now)).toBe(false);
    expect(() => splitMultiKey(multi, "d1")).toThrow("must have the form `a|b`");
  });

  test("static keys are distinct and printable", () => {
    expect(() => staticPartitions(["a", "a"])).toThrow("listed twice");
    expect(() => staticPartitions(["a\nb"])).toThrow("must not contain");
    expect(() => partitionKeysInRange(staticPartitions(["a", "b"]), { start: "a", end: "c" }, now)).toThrow(
      "`c`",
    );
    expect(() => multiPartitions({ a: dynamicPartitions("d") })).toThrow("exactly two");
  });
});

test("Morocco's clock saved daylight like others until 2018", () => {
  const definition = cronPartitions({
    cron: "*/30 1-3 * * *",
    timezone: "Africa/Casablanca",
    start: "2016-07-10T00:00:00",
    format: "%Y-%m-%d %H:%M",
  });
  const keys = partitionKeys(definition, context("2016-07-11T00:00:00Z"));
  expect(keys).toEqual(["01:00", "01:30", "03:00", "03:30"].map((time) => `2016-07-10 ${time}`));
});

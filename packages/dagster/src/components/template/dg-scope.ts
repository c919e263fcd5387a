import { FreshnessPolicy } from "../../definitions/freshness.ts";
import {
  cronPartitions,
  dailyPartitions,
  hourlyPartitions,
  monthlyPartitions,
  staticPartitions,
  weeklyPartitions,
} from "../../definitions/partition-factories.ts";
import type { PartitionsDefinition } from "../../definitions/partitions.ts";
import { type Arguments, templateFunction } from "./arguments.ts";
import { automationNamespace } from "./automation-namespace.ts";
import { isLocalTime, isoText, isTimeSpan } from "./datetime-scope.ts";
import { Namespace, Opaque, type TemplateFunction, Undefined } from "./values.ts";

/** A date may be a text or a `datetime.datetime(…)`. */
const moment = (args: Arguments, name: string): string =>
  typeof args.raw(name) === "string"
    ? args.text(name)
    : isoText(args.made(name, isLocalTime, "a date, such as '2026-01-31'"));

const optional = <K extends string, T>(key: K, isGiven: boolean, value: () => T): { readonly [P in K]?: T } =>
  (isGiven ? { [key]: value() } : {}) as { readonly [P in K]?: T };

const windowOptions = (args: Arguments, start: string, end: string) => ({
  start: moment(args, start),
  ...optional("end", args.has(end), () => moment(args, end)),
  ...optional("timezone", args.has("timezone"), () => args.text("timezone")),
  ...optional("format", args.has("fmt"), () => args.text("fmt")),
  ...optional("endOffset", args.has("end_offset"), () => args.number("end_offset")),
  ...optional("minuteOffset", args.has("minute_offset"), () => args.number("minute_offset")),
  ...optional("hourOffset", args.has("hour_offset"), () => args.number("hour_offset")),
  ...optional("dayOffset", args.has("day_offset"), () => args.number("day_offset")),
});

const COMMON = ["timezone", "fmt", "end_offset"];

const partitions = (
  name: string,
  parameters: readonly string[],
  make: (args: Arguments) => PartitionsDefinition,
): TemplateFunction => templateFunction(`dg.${name}`, parameters, (args) => new Opaque(make(args)));

const calendar = (
  name: string,
  offsets: readonly string[],
  make: (options: ReturnType<typeof windowOptions>) => PartitionsDefinition,
): TemplateFunction =>
  partitions(name, ["start_date", "end_date", ...offsets, ...COMMON], (args) =>
    make(windowOptions(args, "start_date", "end_date")),
  );

const DAY_FORMAT = "%Y-%m-%d";
const span = (args: Arguments, name: string): number =>
  args.made(name, isTimeSpan, "a datetime.timedelta").seconds;

const freshness = new Namespace("dg.FreshnessPolicy", (name) => {
  if (name === "time_window") {
    return templateFunction(
      "dg.FreshnessPolicy.time_window",
      ["fail_window", "warn_window"],
      (args) =>
        new Opaque(
          FreshnessPolicy.timeWindow({
            failWindow: span(args, "fail_window"),
            ...optional("warnWindow", args.has("warn_window"), () => span(args, "warn_window")),
          }),
        ),
    );
  }
  if (name === "cron") {
    return templateFunction(
      "dg.FreshnessPolicy.cron",
      ["deadline_cron", "lower_bound_delta", "timezone"],
      (args) =>
        new Opaque(
          FreshnessPolicy.cron({
            deadlineCron: args.text("deadline_cron"),
            lowerBoundDelta: span(args, "lower_bound_delta"),
            ...optional("timezone", args.has("timezone"), () => args.text("timezone")),
          }),
        ),
    );
  }
  return new Undefined(`dg.FreshnessPolicy has no "${name}"; available: cron, time_window`);
});

/** Everything that Dagster lets YAML reach through `dg`. */
const members: Readonly<Record<string, unknown>> = {
  AutomationCondition: automationNamespace("dg.AutomationCondition"),
  FreshnessPolicy: freshness,
  HourlyPartitionsDefinition: calendar("HourlyPartitionsDefinition", ["minute_offset"], hourlyPartitions),
  DailyPartitionsDefinition: calendar(
    "DailyPartitionsDefinition",
    ["minute_offset", "hour_offset"],
    dailyPartitions,
  ),
  WeeklyPartitionsDefinition: calendar(
    "WeeklyPartitionsDefinition",
    ["minute_offset", "hour_offset", "day_offset"],
    weeklyPartitions,
  ),
  MonthlyPartitionsDefinition: calendar(
    "MonthlyPartitionsDefinition",
    ["minute_offset", "hour_offset", "day_offset"],
    monthlyPartitions,
  ),
  StaticPartitionsDefinition: partitions("StaticPartitionsDefinition", ["partition_keys"], (args) =>
    staticPartitions(args.texts("partition_keys")),
  ),
  TimeWindowPartitionsDefinition: partitions(
    "TimeWindowPartitionsDefinition",
    ["start", "fmt", "end", "cron_schedule", "timezone", "end_offset"],
    (args) => {
      const cron = args.text("cron_schedule");
      return cronPartitions({ format: DAY_FORMAT, ...windowOptions(args, "start", "end"), cron });
    },
  ),
};

export const dgNamespace = new Namespace("dg", (name) =>
  Object.hasOwn(members, name)
    ? members[name]
    : new Undefined(`dg.${name} is not available; available: ${Object.keys(members).sort().join(", ")}`),
);

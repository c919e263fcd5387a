import {
  type AssetDep,
  AssetKey,
  type AutomationCondition,
  type FreshnessPolicy,
  type PartitionsDefinition,
} from "@dagster-rocky/dagster";
import { isObject } from "./json.ts";
import { epochSeconds } from "../partitions/zoned-time.ts";
import { integer, invalid, mapping, nullable, oneOf, type Read, string, strings } from "./values.ts";

export const keyFrom: Read<AssetKey> = (value, at) => {
  if (isObject(value) && Array.isArray(value.path)) return AssetKey.of(...strings(value.path, at));
  return AssetKey.from(Array.isArray(value) ? strings(value, at) : string(value, at));
};

export const depsFrom: Read<readonly AssetDep[]> = (value, at) => {
  if (!Array.isArray(value)) throw invalid(at, "expected a list of asset keys");
  return value.map((item, i) => ({ assetKey: keyFrom(item, `${at}[${i}]`) }));
};

/** Conditions come from a template, such as `{{ automation_condition.eager() }}`. */
export const automationFrom: Read<AutomationCondition> = (value, at) => {
  if (isObject(value) && value.kind === "automationCondition") return value as unknown as AutomationCondition;
  throw invalid(at, 'expected a condition, such as "{{ automation_condition.eager() }}"');
};

const seconds = integer(1);

/** `{ fail_window, warn_window }` in seconds, or `{ deadline_cron, lower_bound_delta, timezone }`. */
export const freshnessFrom: Read<FreshnessPolicy> = (value, at) => {
  const map = mapping(value, at);
  if (map.kind === "timeWindow" || map.kind === "cron") return map as unknown as FreshnessPolicy;
  if (map.deadline_cron !== undefined) {
    return {
      kind: "cron",
      deadlineCron: string(map.deadline_cron, `${at}.deadline_cron`),
      lowerBoundDelta: seconds(map.lower_bound_delta, `${at}.lower_bound_delta`),
      timezone: nullable(string)(map.timezone, `${at}.timezone`) ?? "UTC",
    };
  }
  const warnWindow = nullable(seconds)(map.warn_window, `${at}.warn_window`);
  return {
    kind: "timeWindow",
    failWindow: seconds(map.fail_window, `${at}.fail_window`),
    ...(warnWindow === undefined ? {} : { warnWindow }),
  };
};

const WINDOWS = {
  hourly: { cron: "0 * * * *", fmt: "%Y-%m-%d-%H:%M" },
  daily: { cron: "0 0 * * *", fmt: "%Y-%m-%d" },
  weekly: { cron: "0 0 * * 0", fmt: "%Y-%m-%d" },
  monthly: { cron: "0 0 1 * *", fmt: "%Y-%m-%d" },
} as const;

/** The partition sets that Dagster's YAML knows. */
export const partitionsFrom: Read<PartitionsDefinition> = (value, at) => {
  const map = mapping(value, at);
  if (typeof map.kind === "string") return map as unknown as PartitionsDefinition;
  const type = oneOf(
    "hourly",
    "daily",
    "weekly",
    "monthly",
    "time_window",
    "static",
    "dynamic",
  )(map.type, `${at}.type`);
  switch (type) {
    case "static":
      return { kind: "static", keys: strings(map.partition_keys, `${at}.partition_keys`) };
    case "dynamic":
      return { kind: "dynamic", name: string(map.name, `${at}.name`) };
    case "time_window":
      return timeWindow(map, at, {
        cron: string(map.cron_schedule, `${at}.cron_schedule`),
        fmt: string(map.fmt, `${at}.fmt`),
      });
    default:
      return timeWindow(map, at, WINDOWS[type]);
  }
};

function timeWindow(
  map: Readonly<Record<string, unknown>>,
  at: string,
  shape: { readonly cron: string; readonly fmt: string },
): PartitionsDefinition {
  const timezone = nullable(string)(map.timezone, `${at}.timezone`) ?? "UTC";
  const start = map.start_date ?? map.start;
  const end = map.end_date ?? map.end;
  return {
    kind: "timeWindow",
    start: instant(start, timezone, `${at}.start_date`),
    ...(end === undefined || end === null ? {} : { end: instant(end, timezone, `${at}.end_date`) }),
    timezone,
    fmt: shape.fmt,
    cronSchedule: shape.cron,
    endOffset: nullable(integer(Number.MIN_SAFE_INTEGER))(map.end_offset, `${at}.end_offset`) ?? 0,
  };
}

const DATE = /^(\d{4})-(\d{2})-(\d{2})(?:[T -](\d{2}):00)?$/;

function instant(value: unknown, timezone: string, at: string): number {
  const found = DATE.exec(value instanceof Date ? value.toISOString().slice(0, 10) : string(value, at));
  if (!found) throw invalid(at, "expected YYYY-MM-DD or YYYY-MM-DD-HH:00");
  return epochSeconds(
    [Number(found[1]), Number(found[2]), Number(found[3]), Number(found[4] ?? 0)],
    timezone,
  );
}

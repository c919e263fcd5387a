import { isCron, parseCron } from "./calendar/cron.ts";
import { checkFormat, strptime } from "./calendar/strftime.ts";
import { wallSeconds } from "./calendar/wall-time.ts";
import { zoneNamed } from "./calendar/zone.ts";
import { DefinitionsError } from "./errors.ts";
import type {
  BackfillPolicy as BackfillPolicyShape,
  DynamicPartitionsDefinition,
  MultiPartitionsDefinition,
  PartitionMapping as PartitionMappingShape,
  SinglePartitionsDefinition,
  StaticPartitionsDefinition,
  TimeWindowPartitionsDefinition,
} from "./partitions.ts";

/** A text in the key format, an ISO date or time without zone, or a `Date` (an exact moment). */
export type PartitionTime = string | Date;

export interface CronPartitionsOptions {
  readonly cron: string;
  /** The first window starts at the first tick at or after this. */
  readonly start: PartitionTime;
  /** The last window ends at or before this; open-ended when absent. */
  readonly end?: PartitionTime;
  /** IANA name. Default: UTC. */
  readonly timezone?: string;
  /** strftime pattern of the keys. */
  readonly format: string;
  /** Windows added after (or, negative, cut before) the one that is over. Default: 0. */
  readonly endOffset?: number;
  /** Cron strings and window starts that are left out. */
  readonly exclusions?: readonly PartitionTime[];
}

export type PartitionsOptions = Omit<CronPartitionsOptions, "cron" | "format"> & {
  readonly format?: string;
};
interface HourlyOptions extends PartitionsOptions {
  readonly minuteOffset?: number;
}
interface DailyOptions extends HourlyOptions {
  readonly hourOffset?: number;
}
interface WeeklyOptions extends DailyOptions {
  /** 0 is Sunday. Default: 0. */
  readonly dayOffset?: number;
}
interface MonthlyOptions extends DailyOptions {
  /** Day of the month, 1 to 28. Default: 1. */
  readonly dayOffset?: number;
}

const DATE = "%Y-%m-%d";
const DATE_HOUR = "%Y-%m-%d-%H:%M";
const FORBIDDEN_IN_KEYS = ["...", "\u0007", "\b", "\f", "\n", "\r", "\t", "\v", "\0"];

/** Windows between the ticks of a cron schedule. Throws `DefinitionsError`. */
export function cronPartitions(options: CronPartitionsOptions): TimeWindowPartitionsDefinition {
  const { cron, format, timezone = "UTC", endOffset = 0, exclusions = [] } = options;
  parseCron(cron);
  checkFormat(format);
  const zone = zoneNamed(timezone);
  const instant = (time: PartitionTime, what: string): number => {
    if (time instanceof Date) return time.getTime() / 1000;
    const parsed = strptime(time, format) ?? isoTime(time);
    if (parsed === undefined) {
      throw new DefinitionsError(
        `${what} \`${time}\` has neither the format \`${format}\` nor that of an ISO date`,
      );
    }
    return parsed.offset === undefined ? zone.of(parsed.wall, 0).instant : parsed.wall - parsed.offset;
  };
  return Object.freeze({
    kind: "timeWindow",
    start: instant(options.start, "start"),
    ...(options.end === undefined ? {} : { end: instant(options.end, "end") }),
    timezone,
    fmt: format,
    cronSchedule: cron,
    endOffset,
    ...(exclusions.length === 0
      ? {}
      : {
          exclusions: exclusions.map((item) =>
            typeof item === "string" && isCron(item) ? item : instant(item, "exclusion"),
          ),
        }),
  });
}

function isoTime(text: string): { wall: number; offset?: number } | undefined {
  const match = /^(\d{4})-(\d\d)-(\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d))?)?$/.exec(text);
  if (match === null) return undefined;
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = match
    .slice(1)
    .map((part) => Number(part ?? 0));
  return { wall: wallSeconds(year, month, day, hour, minute, second) };
}

/** One window an hour; keys such as `2026-01-31-07:00`. */
export const hourlyPartitions = ({ minuteOffset = 0, ...options }: HourlyOptions) =>
  cronPartitions({ format: DATE_HOUR, ...options, cron: `${minuteOffset} * * * *` });

/** One window a day; keys such as `2026-01-31`. */
export const dailyPartitions = ({ minuteOffset = 0, hourOffset = 0, ...options }: DailyOptions) =>
  cronPartitions({ format: DATE, ...options, cron: `${minuteOffset} ${hourOffset} * * *` });

/** One window a week, from Sunday unless `dayOffset` says otherwise. */
export const weeklyPartitions = ({
  minuteOffset = 0,
  hourOffset = 0,
  dayOffset = 0,
  ...options
}: WeeklyOptions) =>
  cronPartitions({ format: DATE, ...options, cron: `${minuteOffset} ${hourOffset} * * ${dayOffset}` });

/** One window a month; keys are the days on which the windows start. */
export const monthlyPartitions = ({
  minuteOffset = 0,
  hourOffset = 0,
  dayOffset = 1,
  ...options
}: MonthlyOptions) =>
  cronPartitions({ format: DATE, ...options, cron: `${minuteOffset} ${hourOffset} ${dayOffset} * *` });

/** Partitions that are known in advance, in this order. */
export function staticPartitions(keys: readonly string[]): StaticPartitionsDefinition {
  const seen = new Set<string>();
  for (const key of keys) {
    if (seen.has(key)) throw new DefinitionsError(`partition key \`${key}\` is listed twice`);
    const bad = FORBIDDEN_IN_KEYS.find((text) => key.includes(text));
    if (bad !== undefined) {
      throw new DefinitionsError(
        `partition key ${JSON.stringify(key)} must not contain ${JSON.stringify(bad)}`,
      );
    }
    seen.add(key);
  }
  return Object.freeze({ kind: "static", keys: Object.freeze([...keys]) });
}

/** Partitions that are added and removed while the system runs, under one name. */
export function dynamicPartitions(name: string): DynamicPartitionsDefinition {
  if (name === "") throw new DefinitionsError("dynamic partitions need a name");
  return Object.freeze({ kind: "dynamic", name });
}

/** The product of two dimensions; keys join those of the dimensions with `|`, in order of their names. */
export function multiPartitions(
  dimensions: Readonly<Record<string, SinglePartitionsDefinition>>,
): MultiPartitionsDefinition {
  const names = Object.keys(dimensions);
  if (names.length !== 2) {
    throw new DefinitionsError(`multi-partitions have exactly two dimensions, not ${names.length}`);
  }
  return Object.freeze({ kind: "multi", dimensions: Object.freeze({ ...dimensions }) });
}

/** How a backfill is cut into runs. */
export type BackfillPolicy = BackfillPolicyShape;

export const BackfillPolicy = {
  /** One run for the whole range. */
  singleRun: (): BackfillPolicy => ({ maxPartitionsPerRun: null }),
  /** At most so many partitions in each run. */
  multiRun: (maxPartitionsPerRun = 1): BackfillPolicy => ({ maxPartitionsPerRun }),
} as const;

/** How partitions of an upstream asset are read; without one the host infers it. */
export type PartitionMapping = PartitionMappingShape;

export const PartitionMapping = {
  identity: (): PartitionMapping => ({ kind: "identity" }),
  all: (): PartitionMapping => ({ kind: "all" }),
  last: (): PartitionMapping => ({ kind: "last" }),
  /** Offsets are numbers of upstream windows. */
  timeWindow: (
    options: { startOffset?: number; endOffset?: number; allowNonexistentUpstream?: boolean } = {},
  ): PartitionMapping => ({
    kind: "timeWindow",
    startOffset: options.startOffset ?? 0,
    endOffset: options.endOffset ?? 0,
    allowNonexistentUpstream: options.allowNonexistentUpstream ?? false,
  }),
  specific: (...keys: string[]): PartitionMapping => ({ kind: "specific", keys }),
  static: (downstreamByUpstream: Readonly<Record<string, string | readonly string[]>>): PartitionMapping => ({
    kind: "static",
    downstreamByUpstream,
  }),
  multiToSingle: (dimension?: string): PartitionMapping =>
    dimension === undefined ? { kind: "multiToSingle" } : { kind: "multiToSingle", dimension },
  multi: (
    dimensions: Readonly<Record<string, { dimension: string; mapping?: PartitionMapping }>>,
  ): PartitionMapping => ({
    kind: "multi",
    dimensions: Object.fromEntries(
      Object.entries(dimensions).map(([upstream, { dimension, mapping = { kind: "identity" } as const }]) => [
        upstream,
        { dimension, mapping },
      ]),
    ),
  }),
} as const;

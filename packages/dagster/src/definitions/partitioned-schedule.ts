import { aliasedCron } from "./calendar/cron.ts";
import type { AssetJobDefinition } from "./definitions.ts";
import { DefinitionsError } from "./errors.ts";
import { type InstigatorOptions, schedule } from "./instigator-factories.ts";
import type { RunRequest, ScheduleContext, ScheduleDefinition, ScheduleResult } from "./instigators.ts";
import { dimensionsOf, joinMultiKey, partitionKeys } from "./partition-keys.ts";
import type {
  PartitionsDefinition,
  StaticPartitionsDefinition,
  TimeWindowPartitionsDefinition,
} from "./partitions.ts";
import { lastTimeWindowKey } from "./time-windows.ts";

export interface PartitionedScheduleOptions extends Omit<InstigatorOptions, "name"> {
  readonly job: AssetJobDefinition;
  /** Default: that of the job, followed by `_schedule`. */
  readonly name?: string;
  /** Default: those that the job declares. */
  readonly partitions?: PartitionsDefinition;
  /** When in the hour, day, week or month it fires. Default: when the windows end. */
  readonly minuteOfHour?: number;
  readonly hourOfDay?: number;
  /** 0 is Sunday; weekly windows only. */
  readonly dayOfWeek?: number;
  /** Monthly windows only. */
  readonly dayOfMonth?: number;
  /** For static partitions, which have no calendar of their own. */
  readonly cron?: string;
  readonly timezone?: string;
  readonly runTags?: Readonly<Record<string, string>>;
}

/**
 * A schedule that follows the partitions of its job: each tick launches the newest time window (for several dimensions,
 * with every key of the others), or every static partition. Throws `DefinitionsError` for other partitions.
 */
export function partitionedSchedule(options: PartitionedScheduleOptions): ScheduleDefinition {
  const { job, name = `${job.name}_schedule`, runTags = {} } = options;
  const partitions = options.partitions ?? job.partitionsDef;
  const refuse = (why: string): never => {
    throw new DefinitionsError(`partitioned schedule \`${name}\`: ${why}`);
  };
  if (partitions === undefined) {
    return refuse(`job \`${job.name}\` declares no partitions; give them to the job or to the schedule`);
  }
  const request = (key: string): RunRequest => ({ runKey: key, partitionKey: key, tags: runTags });
  const rest = { ...options, name, target: job };
  if (partitions.kind === "static") {
    const cron = options.cron ?? refuse("static partitions need a cron");
    return schedule({ ...rest, cron }, () => partitions.keys.map(request));
  }
  if (options.cron !== undefined || options.timezone !== undefined) {
    return refuse(
      "`cron` and `timezone` are those of its time windows; move it by minuteOfHour, hourOfDay, …",
    );
  }
  const [dimension, time] = timeDimension(partitions) ?? refuse("it needs time windows or static partitions");
  const cron = cronOf(time, options) ?? refuse(`windows of \`${time.cronSchedule}\` cannot be moved so`);
  return schedule({ ...rest, cron, timezone: time.timezone }, async (context) => {
    const newest = newestKey(time, context.scheduledExecutionTime);
    if (newest === undefined) return { skipReason: "no window has ended since the last tick" };
    if (partitions.kind !== "multi") return request(newest);
    return requests(await keysWith(partitions, dimension, newest, context), request);
  });
}

const requests = (keys: readonly string[], request: (key: string) => RunRequest): ScheduleResult =>
  keys.length === 0
    ? { skipReason: "the other dimension has no partitions" }
    : { runRequests: keys.map(request) };

type Multi = Extract<PartitionsDefinition, { kind: "multi" }>;

/** The only dimension of time windows, under its name. */
function timeDimension(
  partitions: Exclude<PartitionsDefinition, StaticPartitionsDefinition>,
): readonly [string, TimeWindowPartitionsDefinition] | undefined {
  if (partitions.kind === "timeWindow") return ["", partitions];
  if (partitions.kind === "dynamic") return undefined;
  const found = dimensionsOf(partitions).flatMap(([name, dimension]) =>
    dimension.kind === "timeWindow" ? [[name, dimension] as const] : [],
  );
  return found.length === 1 ? found[0] : undefined;
}

/** Undefined when nothing has ended, or when what ended last is left out of the partitions. */
function newestKey(time: TimeWindowPartitionsDefinition, now: number): string | undefined {
  const { exclusions: _left, ...everyWindow } = time;
  const newest = lastTimeWindowKey(time, now);
  return newest === lastTimeWindowKey(everyWindow, now) ? newest : undefined;
}

async function keysWith(
  partitions: Multi,
  name: string,
  key: string,
  { instance, scheduledExecutionTime: now }: ScheduleContext,
): Promise<readonly string[]> {
  const [other] = dimensionsOf(partitions).filter(([each]) => each !== name);
  if (other === undefined) return [];
  const [otherName, dimension] = other;
  const dynamic = dimension.kind === "dynamic" ? await instance.dynamicPartitions(dimension.name) : [];
  const others = partitionKeys(dimension, { now, dynamicKeys: () => dynamic });
  return others.map((part) => joinMultiKey(partitions, { [name]: key, [otherName]: part }));
}

type Offsets = Pick<PartitionedScheduleOptions, "minuteOfHour" | "hourOfDay" | "dayOfWeek" | "dayOfMonth">;

/** The cron of the windows with other offsets; undefined when windows of that cron have no such offset. */
function cronOf({ cronSchedule }: TimeWindowPartitionsDefinition, offsets: Offsets): string | undefined {
  const { minuteOfHour, hourOfDay, dayOfWeek, dayOfMonth } = offsets;
  const wanted = [minuteOfHour, hourOfDay, dayOfMonth, undefined, dayOfWeek];
  if (wanted.every((offset) => offset === undefined)) return cronSchedule;
  const fields = aliasedCron(cronSchedule).split(" ");
  const isPlain = /^\d+ (\* \* \* \*|\d+ (\* \* (\*|\d+)|\d+ \* \*))$/.test(fields.join(" "));
  if (!isPlain || wanted.some((offset, i) => offset !== undefined && fields[i] === "*")) return undefined;
  return fields.map((field, i) => String(wanted[i] ?? field)).join(" ");
}

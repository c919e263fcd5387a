import type { TimeWindowPartitionsDefinition } from "@dagster-rocky/dagster";
import type { Grain } from "../dispatch/plans.ts";
import type { ModelDetail } from "../translator/inputs.ts";
import { grainOf } from "./grain.ts";
import { epochSeconds } from "./zoned-time.ts";

/** Where partitions begin when a model does not say. */
export const DEFAULT_FIRST_PARTITION = "2020-01-01";

const SHAPES: Readonly<
  Record<Grain, { readonly cron: string; readonly fmt: string; readonly parts: number }>
> = {
  hour: { cron: "0 * * * *", fmt: "%Y-%m-%d-%H:%M", parts: 4 },
  day: { cron: "0 0 * * *", fmt: "%Y-%m-%d", parts: 3 },
  month: { cron: "0 0 1 * *", fmt: "%Y-%m-%d", parts: 2 },
  year: { cron: "0 0 1 1 *", fmt: "%Y", parts: 1 },
};

export interface TimeIntervalOptions {
  /** `hour`, `day`, `month`, `year`, or the engine's `hourly` … `yearly`. */
  readonly granularity: string;
  /**
   * The first window in the engine's form (`2026-04-08T13`, `2026-04-08`, `2026-04`, `2026`) or Dagster's;
   * parts finer than the grain are cut off. Default 2020-01-01.
   */
  readonly firstPartition?: string;
  /** No windows begin at or after this date, in the same forms. Open-ended by default. */
  readonly endDate?: string;
  /** IANA name, default UTC. */
  readonly timezone?: string;
}

/** Partitions of a `time_interval` model. Throws a RangeError for an unknown grain or a date that is none. */
export function partitionsDefForTimeInterval(options: TimeIntervalOptions): TimeWindowPartitionsDefinition {
  const grain = grainOf(options.granularity);
  if (!grain) {
    throw new RangeError(
      `unknown time-interval granularity "${options.granularity}": expected hour, day, month or year`,
    );
  }
  const shape = SHAPES[grain];
  const timezone = options.timezone ?? "UTC";
  const at = (text: string) => epochSeconds(windowStart(text, shape.parts), timezone);
  return {
    kind: "timeWindow",
    start: at(options.firstPartition ?? DEFAULT_FIRST_PARTITION),
    ...(options.endDate === undefined ? {} : { end: at(options.endDate) }),
    timezone,
    fmt: shape.fmt,
    cronSchedule: shape.cron,
    endOffset: 0,
  };
}

/** The partitions of a compiled model; undefined when it is not a `time_interval` model. */
export function partitionsDefForModelDetail(model: ModelDetail): TimeWindowPartitionsDefinition | undefined {
  const { type, granularity, firstPartition } = model.strategy;
  if (type !== "time_interval" || granularity === undefined || !grainOf(granularity)) return undefined;
  return partitionsDefForTimeInterval({ granularity, ...(firstPartition ? { firstPartition } : {}) });
}

const DATE = /^(\d{4})(?:-(\d{2})(?:-(\d{2})(?:[T -](\d{2})(?::?\d{2})*)?)?)?$/;

/** Year, month, day and hour of the window that `text` lies in. */
function windowStart(text: string, parts: number): readonly [number, number, number, number] {
  const found = DATE.exec(text);
  if (!found) {
    throw new RangeError(`"${text}" is no partition: expected YYYY, YYYY-MM, YYYY-MM-DD or YYYY-MM-DDTHH`);
  }
  const part = (index: number, fallback: number) =>
    index < parts && found[index + 1] !== undefined ? Number(found[index + 1]) : fallback;
  return [part(0, 1970), part(1, 1), part(2, 1), part(3, 0)];
}

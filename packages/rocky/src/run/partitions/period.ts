import { RockyError } from "../../errors.ts";
import type { Granularity } from "../../models/types.ts";

/** One partition of a time_interval model: `start` inclusive, `end` exclusive, both UTC. */
export interface Period {
  readonly key: string;
  readonly start: Date;
  readonly end: Date;
}

const FORMATS: Readonly<Record<Granularity, { readonly pattern: RegExp; readonly shown: string }>> = {
  hour: { pattern: /^(\d{4})-(\d{2})-(\d{2})T(\d{2})$/, shown: "%Y-%m-%dT%H" },
  day: { pattern: /^(\d{4})-(\d{2})-(\d{2})$/, shown: "%Y-%m-%d" },
  month: { pattern: /^(\d{4})-(\d{2})$/, shown: "%Y-%m" },
  year: { pattern: /^(\d{4})$/, shown: "%Y" },
};

const LENGTHS: Readonly<Record<Granularity, number>> = { hour: 13, day: 10, month: 7, year: 4 };

/** Cuts a moment down to the start of its period. */
const floor = (granularity: Granularity, at: Date): Date =>
  new Date(
    Date.UTC(
      at.getUTCFullYear(),
      granularity === "year" ? 0 : at.getUTCMonth(),
      granularity === "year" || granularity === "month" ? 1 : at.getUTCDate(),
      granularity === "hour" ? at.getUTCHours() : 0,
    ),
  );

const shift = (granularity: Granularity, start: Date, by: number): Date => {
  const moved = new Date(start);
  switch (granularity) {
    case "hour":
      moved.setUTCHours(moved.getUTCHours() + by);
      return moved;
    case "day":
      moved.setUTCDate(moved.getUTCDate() + by);
      return moved;
    case "month":
      moved.setUTCMonth(moved.getUTCMonth() + by);
      return moved;
    case "year":
      moved.setUTCFullYear(moved.getUTCFullYear() + by);
      return moved;
    default:
      return granularity satisfies never;
  }
};

const keyOf = (granularity: Granularity, start: Date): string =>
  start.toISOString().slice(0, LENGTHS[granularity]);

const periodFrom = (granularity: Granularity, start: Date): Period =>
  Object.freeze({ key: keyOf(granularity, start), start, end: shift(granularity, start, 1) });

export const periodAt = (granularity: Granularity, at: Date): Period =>
  periodFrom(granularity, floor(granularity, at));

export const neighbour = (granularity: Granularity, period: Period, by: number): Period =>
  periodFrom(granularity, shift(granularity, period.start, by));

/** Reads a key strictly: every part zero-padded, every date one that exists. */
export const parsePeriod = (granularity: Granularity, key: string): Period => {
  const format = FORMATS[granularity];
  const parts = format.pattern.exec(key)?.slice(1).map(Number);
  if (parts !== undefined) {
    const [year = 0, month = 1, day = 1, hour = 0] = parts;
    const start = new Date(Date.UTC(year, month - 1, day, hour));
    // Years below 100 would be read as 19xx; writing the key back shows that, and the 31st of February too.
    if (keyOf(granularity, start) === key) return periodFrom(granularity, start);
  }
  const name = granularity.charAt(0).toUpperCase() + granularity.slice(1);
  throw new RockyError(
    "usage",
    `partition key '${key}' does not match the canonical ${name} format '${format.shown}'`,
  );
};

/** Periods from `first` to `last`, both included. */
export const periodsBetween = (granularity: Granularity, first: Period, last: Period): readonly Period[] => {
  const periods: Period[] = [];
  for (let period = first; period.start <= last.start; period = neighbour(granularity, period, 1)) {
    periods.push(period);
  }
  return periods;
};

/** `2025-04-01 00:00:00`, as it goes into SQL. */
export const sqlTime = (at: Date): string => at.toISOString().slice(0, 19).replace("T", " ");

/** `2025-04-01T00:00:00Z`, as it goes into payloads. */
export const isoTime = (at: Date): string => `${at.toISOString().slice(0, 19)}Z`;

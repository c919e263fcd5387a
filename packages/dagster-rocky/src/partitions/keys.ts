import type { Grain } from "../dispatch/plans.ts";
import { grainOf } from "./grain.ts";

const HOUR_OF_DAGSTER = /^(\d{4}-\d{2}-\d{2})-(\d{2}):\d{2}$/;
const HOUR_OF_ROCKY = /^(\d{4}-\d{2}-\d{2})T(\d{2})$/;
const MONTH_OF_DAGSTER = /^(\d{4}-\d{2})-\d{2}$/;
const MONTH_OF_ROCKY = /^\d{4}-\d{2}$/;

/**
 * The engine's form of a Dagster partition key: `2026-04-08-13:00` is `2026-04-08T13`, `2026-04-01` of a
 * monthly set is `2026-04`; days and years read the same. Throws a RangeError when the key is of another
 * grain.
 */
export function dagsterToRockyPartitionKey(granularity: Grain | string, key: string): string {
  switch (known(granularity)) {
    case "hour": {
      const found = HOUR_OF_DAGSTER.exec(key);
      if (!found) throw misshapen("Dagster", "hourly", "YYYY-MM-DD-HH:MM", key);
      return `${found[1]}T${found[2]}`;
    }
    case "month": {
      const found = MONTH_OF_DAGSTER.exec(key);
      if (!found?.[1]) throw misshapen("Dagster", "monthly", "YYYY-MM-DD", key);
      return found[1];
    }
    case "day":
    case "year":
      return key;
  }
}

/** Dagster's form of an engine partition key. Throws a RangeError when the key is of another grain. */
export function rockyToDagsterPartitionKey(granularity: Grain | string, key: string): string {
  switch (known(granularity)) {
    case "hour": {
      const found = HOUR_OF_ROCKY.exec(key);
      if (!found) throw misshapen("engine", "hourly", "YYYY-MM-DDTHH", key);
      return `${found[1]}-${found[2]}:00`;
    }
    case "month":
      if (!MONTH_OF_ROCKY.test(key)) throw misshapen("engine", "monthly", "YYYY-MM", key);
      return `${key}-01`;
    case "day":
    case "year":
      return key;
  }
}

/** `--partition K`, or nothing without a key. */
export const partitionKeyArg = (key: string | undefined): readonly string[] =>
  key === undefined ? [] : ["--partition", key];

/** `--from A --to B`, or nothing when one end is missing. */
export const partitionRangeArgs = (start: string | undefined, end: string | undefined): readonly string[] =>
  start === undefined || end === undefined ? [] : ["--from", start, "--to", end];

function known(granularity: string): Grain {
  const grain = grainOf(granularity);
  if (grain) return grain;
  throw new RangeError(
    `unknown time-interval granularity "${granularity}": expected hour, day, month or year`,
  );
}

const misshapen = (whose: string, grain: string, form: string, key: string): RangeError =>
  new RangeError(`"${key}" is no ${grain} partition key in the ${whose} form ${form}`);

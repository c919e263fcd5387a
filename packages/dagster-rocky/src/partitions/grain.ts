import type { Grain } from "../dispatch/plans.ts";

const GRAINS: Readonly<Record<string, Grain>> = {
  hour: "hour",
  hourly: "hour",
  day: "day",
  daily: "day",
  month: "month",
  monthly: "month",
  year: "year",
  yearly: "year",
};

/** The engine writes `day` in compile output and `daily` in its graph; anything else is unknown. */
export const grainOf = (text: string): Grain | undefined =>
  Object.hasOwn(GRAINS, text) ? GRAINS[text] : undefined;

import type { Anomaly } from "../output.ts";

/** Fewer measurements say too little about what is usual for a table. */
export const BASELINE_MINIMUM = 3;
export const BASELINE_WINDOW = 20;

export interface Baseline {
  readonly mean: number;
  readonly samples: number;
}

/** A row count that is further from its usual value than the threshold allows (percent; 0 turns it off). */
export const findAnomaly = (
  table: string,
  current: number,
  baseline: Baseline | undefined,
  thresholdPct: number,
): Anomaly | undefined => {
  if (thresholdPct <= 0 || baseline === undefined || baseline.samples < BASELINE_MINIMUM) return undefined;
  if (baseline.mean === 0) return undefined;
  const deviation = (100 * Math.abs(current - baseline.mean)) / baseline.mean;
  if (deviation <= thresholdPct) return undefined;
  const direction = current > baseline.mean ? "above" : "below";
  return {
    table,
    current_count: current,
    baseline_avg: baseline.mean,
    deviation_pct: deviation,
    reason: `${current} rows is ${deviation.toFixed(1)}% ${direction} the usual ${baseline.mean.toFixed(1)} (threshold ${thresholdPct}%)`,
  };
};

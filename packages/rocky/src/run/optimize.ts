import type { RunRecord } from "../state/runs.ts";

/** What running a model costs and how its strategy could change. */
export interface Recommendation {
  readonly model_name: string;
  readonly current_strategy: "table";
  readonly recommended_strategy: "table" | "view" | "ephemeral";
  readonly estimated_monthly_savings: number;
  readonly reasoning: string;
  readonly compute_cost_per_run: number;
  readonly storage_cost_per_month: number;
  readonly downstream_references: number;
}

const MINIMUM_RUNS = 5;
const FAST_SECONDS = 2;
const COMPUTE_PER_SECOND_USD = 0.002;
const RUNS_PER_MONTH = 30;
/** A tenth of a gigabyte at 0.023 USD: without a measured size every table counts as this large. */
const STORAGE_PER_MONTH_USD = 0.0023;

interface Cost {
  readonly seconds: number;
  readonly runs: number;
  readonly consumers: number;
}

const decide = ({
  seconds,
  runs,
  consumers,
}: Cost): Pick<Recommendation, "recommended_strategy" | "reasoning"> => {
  const perMonth = seconds * COMPUTE_PER_SECOND_USD * RUNS_PER_MONTH;
  const shown = `${seconds.toFixed(1)}s`;
  if (runs < MINIMUM_RUNS) {
    return {
      recommended_strategy: "table",
      reasoning: `insufficient history: ${runs} runs (need ${MINIMUM_RUNS})`,
    };
  }
  if (seconds < FAST_SECONDS && consumers <= 1) {
    return {
      recommended_strategy: "ephemeral",
      reasoning: `runs in ${shown} and has ${consumers} reader(s): its query can live inside the reader`,
    };
  }
  if (consumers >= 2) {
    return perMonth * consumers > STORAGE_PER_MONTH_USD
      ? {
          recommended_strategy: "table",
          reasoning: `${consumers} readers would each compute it again (${shown})`,
        }
      : {
          recommended_strategy: "view",
          reasoning: `${consumers} readers compute it for less than it costs to store`,
        };
  }
  return perMonth < STORAGE_PER_MONTH_USD
    ? { recommended_strategy: "view", reasoning: `computing it (${shown}) costs less than storing it` }
    : { recommended_strategy: "table", reasoning: `storing it costs less than computing it (${shown})` };
};

/** One recommendation per model or table that ran, by name. `consumers` counts the models that declare it. */
export const recommend = (
  runs: readonly RunRecord[],
  consumers: ReadonlyMap<string, number>,
  matching: string | undefined,
): readonly Recommendation[] => {
  const durations = new Map<string, number[]>();
  for (const { modelName, durationMs, status } of runs.flatMap((run) => run.models)) {
    if (status !== "success" || (matching !== undefined && !modelName.includes(matching))) continue;
    const known = durations.get(modelName);
    if (known === undefined) durations.set(modelName, [durationMs]);
    else known.push(durationMs);
  }
  return [...durations.entries()]
    .sort(([left], [right]) => (left < right ? -1 : left > right ? 1 : 0))
    .map(([model, times]) => {
      const seconds = times.reduce((sum, time) => sum + time, 0) / times.length / 1000;
      const cost: Cost = { seconds, runs: times.length, consumers: consumers.get(model) ?? 0 };
      const decision = decide(cost);
      const compute = seconds * COMPUTE_PER_SECOND_USD;
      const saved =
        decision.recommended_strategy === "table" ? 0 : STORAGE_PER_MONTH_USD - compute * RUNS_PER_MONTH;
      return {
        model_name: model,
        current_strategy: "table",
        ...decision,
        estimated_monthly_savings: Math.max(0, saved),
        compute_cost_per_run: compute,
        storage_cost_per_month: STORAGE_PER_MONTH_USD,
        downstream_references: cost.consumers,
      };
    });
};

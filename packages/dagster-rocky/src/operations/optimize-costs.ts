import type { OptimizeOutput } from "../resource/outputs/reports.ts";

/** What the engine advises for one model. */
export type Recommendation = OptimizeOutput["recommendations"][number];

/** The engine's cost figures and recommendation by model; money is per run or month, in the engine's currency. */
export const costMetadataFromOptimize = (
  optimize: OptimizeOutput,
): ReadonlyMap<string, Omit<Recommendation, "modelName">> =>
  new Map(optimize.recommendations.map(({ modelName, ...costs }) => [modelName, costs]));

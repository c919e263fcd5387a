import { choice, integer, list, nullable, number, object, text, type Static } from "../schema.ts";

const optimizeRecommendation = object({
  compute_cost_per_run: number,
  current_strategy: text,
  downstream_references: integer,
  estimated_monthly_savings: number,
  model_name: text,
  reasoning: text,
  recommended_strategy: text,
  storage_cost_per_month: number,
});

export const optimizeSchema = object(
  {
    command: choice("optimize"),
    recommendations: list(optimizeRecommendation),
    total_models_analyzed: integer,
    version: text,
  },
  { incrementality_note: nullable(text), message: nullable(text) },
);
export type OptimizeOutput = Static<typeof optimizeSchema>;

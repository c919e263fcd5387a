import { choice, integer, list, nullable, number, object, text, type Static } from "../schema.ts";

const recipeIdentityView = object(
  {},
  {
    env_hash: nullable(text),
    hash_scheme: nullable(text),
    input_hash: nullable(text),
    input_proof_class: nullable(text),
    recipe_hash: nullable(text),
  },
);

const modelExecutionRecord = object(
  { duration_ms: integer, sql_hash: text, started_at: text, status: text },
  { recipe_identity: nullable(recipeIdentityView), rows_affected: nullable(integer) },
);

const rollingDimension = object({ mean: number, std_dev: number }, { latest_z_score: nullable(number) });

const rollingStats = object({
  duration_ms: rollingDimension,
  health_score: number,
  rows_affected: rollingDimension,
  samples: integer,
  window: integer,
});

export const modelHistorySchema = object(
  {
    command: choice("history"),
    count: integer,
    executions: list(modelExecutionRecord),
    model: text,
    version: text,
  },
  { rolling_stats: nullable(rollingStats) },
);
export type ModelHistoryOutput = Static<typeof modelHistorySchema>;

const recipeExecution = object(
  { run_id: text, model_name: text, started_at: text, duration_ms: integer, status: text, sql_hash: text },
  { rows_affected: integer },
);

export const recipeHistorySchema = object({
  version: text,
  command: choice("history"),
  recipe_hash: text,
  executions: list(recipeExecution),
  count: integer,
});
export type RecipeHistoryOutput = Static<typeof recipeHistorySchema>;

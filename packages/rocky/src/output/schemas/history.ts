import { choice, integer, list, nullable, object, text, type Static } from "../schema.ts";

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

const runModelRecord = object(
  { duration_ms: integer, model_name: text, status: text },
  { recipe_identity: nullable(recipeIdentityView), rows_affected: nullable(integer) },
);

const runHistoryRecord = object(
  {
    duration_ms: integer,
    models: list(runModelRecord),
    models_executed: integer,
    run_id: text,
    started_at: text,
    status: text,
    trigger: text,
  },
  {
    git_branch: nullable(text),
    git_commit: nullable(text),
    hostname: nullable(text),
    idempotency_key: nullable(text),
    pipeline: nullable(text),
    rocky_version: nullable(text),
    session_source: nullable(text),
    submission_id: nullable(text),
    target_catalog: nullable(text),
    triggering_identity: nullable(text),
  },
);

export const historySchema = object({
  command: choice("history"),
  count: integer,
  runs: list(runHistoryRecord),
  version: text,
});
export type HistoryOutput = Static<typeof historySchema>;

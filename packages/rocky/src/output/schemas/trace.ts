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

const traceModelEntry = object(
  { duration_ms: integer, model_name: text, sql_hash: text, start_offset_ms: integer, status: text },
  {
    bytes_scanned: nullable(integer),
    bytes_written: nullable(integer),
    lane: integer,
    recipe_identity: nullable(recipeIdentityView),
    rows_affected: nullable(integer),
  },
);

export const traceSchema = object({
  command: choice("trace"),
  finished_at: text,
  lane_count: integer,
  models: list(traceModelEntry),
  run_duration_ms: integer,
  run_id: text,
  started_at: text,
  status: text,
  trigger: text,
  version: text,
});
export type TraceOutput = Static<typeof traceSchema>;

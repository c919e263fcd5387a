import { choice, flag, integer, list, nullable, object, text, type Static } from "../schema.ts";

const catalogColumn = object(
  { name: text },
  { data_type: nullable(text), description: nullable(text), nullable: nullable(flag) },
);

const assetKind = choice("Source", "Model", "View", "MaterializedView");

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

const catalogAsset = object(
  {
    columns: list(catalogColumn),
    downstream_models: list(text),
    fqn: text,
    kind: assetKind,
    model_name: text,
    upstream_models: list(text),
  },
  {
    intent: nullable(text),
    last_materialized_at: nullable(text),
    last_run_id: nullable(text),
    recipe_identity: nullable(recipeIdentityView),
  },
);

const edgeConfidence = choice("High", "Medium", "Low");

const catalogEdge = object({
  confidence: edgeConfidence,
  source_column: text,
  source_model: text,
  target_column: text,
  target_model: text,
  transform: text,
});

const catalogStats = object({
  asset_count: integer,
  assets_with_star: integer,
  column_count: integer,
  duration_ms: integer,
  edge_count: integer,
  orphan_columns: integer,
});

export const catalogSchema = object(
  {
    assets: list(catalogAsset),
    command: choice("catalog"),
    config_hash: text,
    edges: list(catalogEdge),
    generated_at: text,
    project_name: text,
    stats: catalogStats,
    version: text,
  },
  { last_run_id: nullable(text) },
);
export type CatalogOutput = Static<typeof catalogSchema>;

import {
  choice,
  flag,
  integer,
  list,
  mapOf,
  nullable,
  number,
  object,
  text,
  union,
  type Static,
} from "../schema.ts";

const phaseTimings = object({
  contracts_ms: integer,
  project_load_ms: integer,
  semantic_graph_ms: integer,
  total_ms: integer,
  typecheck_join_keys_ms: integer,
  typecheck_ms: integer,
});

const severity = choice("Error", "Warning", "Info");

const sourceSpan = object({ col: integer, file: text, line: integer });

const diagnostic = object(
  { code: text, message: text, model: text, severity: severity },
  { span: nullable(sourceSpan), suggestion: nullable(text) },
);

const timeGrain = choice("hour", "day", "month", "year");

const strategyConfig = union(
  object({ type: choice("full_refresh") }),
  object({ timestamp_column: text, type: choice("incremental") }),
  object({ type: choice("merge"), unique_key: list(text) }, { update_columns: nullable(list(text)) }),
  object(
    { granularity: timeGrain, time_column: text, type: choice("time_interval") },
    { batch_size: integer, first_partition: nullable(text), lookback: integer },
  ),
  object({ type: choice("ephemeral") }),
  object({ partition_by: list(text), type: choice("delete_insert") }),
  object({ timestamp_column: text, type: choice("microbatch") }, { granularity: timeGrain }),
  object({ type: choice("view") }),
  object({ type: choice("materialized_view") }),
  object({ target_lag: text, type: choice("dynamic_table") }),
  object({ storage_prefix: text, type: choice("content_addressed") }, { partition_columns: list(text) }),
);

const targetConfig = object({ catalog: text, schema: text, table: text });

const costHint = object({
  confidence: text,
  estimated_bytes: integer,
  estimated_cost_usd: number,
  estimated_rows: integer,
});

const testSeverity = choice("error", "warning");

const modelFreshnessConfig = object(
  { max_lag_seconds: integer },
  { severity: nullable(testSeverity), time_column: nullable(text) },
);

const confidence = choice("high", "medium", "low");

const incrementalityHint = object({
  confidence: confidence,
  is_candidate: flag,
  recommended_column: text,
  signals: list(text),
});

const modelDetail = object(
  { name: text, strategy: strategyConfig, target: targetConfig },
  {
    contract_source: nullable(text),
    cost_hint: nullable(costHint),
    depends_on: list(text),
    freshness: nullable(modelFreshnessConfig),
    incrementality_hint: nullable(incrementalityHint),
    tags: mapOf(text),
  },
);

export const compileSchema = object(
  {
    command: choice("compile"),
    compile_timings: phaseTimings,
    diagnostics: list(diagnostic),
    execution_layers: integer,
    has_errors: flag,
    models: integer,
    version: text,
  },
  { expanded_sql: mapOf(text), models_detail: list(modelDetail) },
);
export type CompileOutput = Static<typeof compileSchema>;

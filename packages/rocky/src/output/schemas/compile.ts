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
  type Static,
} from "../schema.ts";
import { strategyConfig, targetConfig } from "./model-shapes.ts";

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

import { choice, integer, list, mapOf, nullable, object, text, type Static } from "../schema.ts";
import { strategyConfig, targetConfig } from "./model-shapes.ts";

const dagEdgeOutput = object({ edge_type: text, from: text, to: text });

const testSeverity = choice("error", "warning");

const modelFreshnessConfig = object(
  { max_lag_seconds: integer },
  { severity: nullable(testSeverity), time_column: nullable(text) },
);

const partitionShapeOutput = object({ granularity: text }, { first_partition: nullable(text) });

const dagNodeOutput = object(
  { id: text, kind: text, label: text },
  {
    depends_on: list(text),
    freshness: nullable(modelFreshnessConfig),
    partition_shape: nullable(partitionShapeOutput),
    pipeline: nullable(text),
    strategy: nullable(strategyConfig),
    target: nullable(targetConfig),
  },
);

const dagSummaryOutput = object({
  counts_by_kind: mapOf(integer),
  execution_layers: integer,
  total_edges: integer,
  total_nodes: integer,
});

const lineageQualifiedColumn = object({ column: text, model: text });

const lineageEdgeRecord = object({
  source: lineageQualifiedColumn,
  target: lineageQualifiedColumn,
  transform: text,
});

export const dagSchema = object(
  {
    command: choice("dag"),
    edges: list(dagEdgeOutput),
    execution_layers: list(list(text)),
    nodes: list(dagNodeOutput),
    summary: dagSummaryOutput,
    version: text,
  },
  {
    column_lineage: list(lineageEdgeRecord),
    column_lineage_unavailable: nullable(text),
    schema_version: text,
  },
);
export type DagOutput = Static<typeof dagSchema>;

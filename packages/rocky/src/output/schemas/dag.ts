import { choice, integer, list, mapOf, nullable, object, text, union, type Static } from "../schema.ts";

const dagEdgeOutput = object({ edge_type: text, from: text, to: text });

const testSeverity = choice("error", "warning");

const modelFreshnessConfig = object(
  { max_lag_seconds: integer },
  { severity: nullable(testSeverity), time_column: nullable(text) },
);

const partitionShapeOutput = object({ granularity: text }, { first_partition: nullable(text) });

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

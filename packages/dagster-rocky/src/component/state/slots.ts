import { fields, keep, list, map, nullable, type SlotShape, withDefaults } from "./slot-shape.ts";

/*
 * The slots of the state file, field by field in the order in which Python writes them. An answer of the
 * engine is written with every field of its slot, those that the engine left out with their default, and
 * without fields that the slot does not know: two implementations that share a file must find the same.
 */

export const discoverSlot = fields({
  version: keep(""),
  command: keep("discover"),
  sources: list(
    withPipeline(
      fields({
        id: keep(),
        components: map(),
        source_type: keep(),
        last_sync_at: keep(),
        tables: list(fields({ name: keep(), row_count: keep() })),
        metadata: map(),
      }),
    ),
  ),
  checks: nullable(
    fields({
      freshness: nullable(fields({ threshold_seconds: keep() })),
      configured_checks: map(list(fields({ name: keep(), kind: keep(""), candidate: keep(false) }))),
    }),
  ),
  excluded_tables: list(),
  failed_sources: list(
    fields({
      cooldown_seconds: keep(),
      error_class: keep(),
      id: keep(),
      message: keep(),
      schema: keep(),
      source_type: keep(),
    }),
  ),
  collision_candidates: list(fields({ external_object_id: keep(), sources: list() })),
  new_sources: list(),
  schemas_cached: keep(),
  sync_trigger: keep(false),
});

/** Additive: a source says which pipeline found it, when there are several. */
function withPipeline(shape: SlotShape): SlotShape {
  return (value) => {
    const source = shape(value) as Record<string, unknown>;
    const { pipeline } = (value ?? {}) as { readonly pipeline?: unknown };
    return pipeline === undefined ? source : { ...source, pipeline };
  };
}

export const compileSlot = fields({
  version: keep(""),
  command: keep("compile"),
  models: keep(0),
  execution_layers: keep(0),
  diagnostics: list(
    fields({
      severity: keep(),
      code: keep(),
      message: keep(),
      model: keep(),
      span: nullable(fields({ file: keep(), line: keep(), col: keep() })),
      suggestion: keep(),
    }),
  ),
  has_errors: keep(false),
  models_detail: list(
    fields({
      name: keep(),
      strategy: keep(),
      target: keep(),
      freshness: nullable(
        fields({
          max_lag_seconds: keep(),
          time_column: keep(),
          severity: keep(),
          warn_after: keep(),
          error_after: keep(),
        }),
      ),
      depends_on: list(),
      contract_source: keep(),
      cost_hint: keep(),
      tags: keep(),
    }),
  ),
  compile_timings: keep(),
  expanded_sql: map(),
  functions: list(),
});

export const optimizeSlot = fields({
  version: keep(""),
  command: keep("optimize"),
  recommendations: list(
    fields({
      model_name: keep(),
      current_strategy: keep(),
      compute_cost_per_run: keep(),
      storage_cost_per_month: keep(),
      downstream_references: keep(),
      recommended_strategy: keep(),
      estimated_monthly_savings: keep(),
      reasoning: keep(),
    }),
  ),
  total_models_analyzed: keep(0),
  message: keep(),
  run_scope: keep(),
});

const LINEAGE_COLUMN = fields({ column: keep(), model: keep() });

export const dagSlot = fields({
  column_lineage: keep(),
  column_lineage_unavailable: keep(),
  command: keep("dag"),
  edges: list(fields({ edge_type: keep("data"), from: keep(), to: keep() })),
  execution_layers: list(),
  nodes: list(
    fields({
      compiled: keep(),
      depends_on: keep(),
      freshness: nullable(
        fields({
          error_after: keep(),
          max_lag_seconds: keep(),
          severity: keep(),
          time_column: keep(),
          warn_after: keep(),
        }),
      ),
      id: keep(),
      kind: keep(),
      label: keep(),
      partition_shape: nullable(fields({ first_partition: keep(), granularity: keep() })),
      pipeline: keep(),
      strategy: nullable(strategyOfNode),
      target: nullable(fields({ catalog: keep(), schema: keep(), table: keep() })),
    }),
  ),
  schema_version: keep("1"),
  summary: keep(),
  version: keep(""),
});

/** Lineage as it is kept for a compile: `dag` answers with these edges. */
export const lineageEdges = list(
  fields({ source: LINEAGE_COLUMN, target: LINEAGE_COLUMN, transform: keep("") }),
);

/** What the graph leaves out of a strategy when it is the default. */
const STRATEGY_DEFAULTS: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  incremental: { filter_column: null, lookback: null, on_schema_change: "fail", unique_key: [] },
  merge: { update_columns: null },
  time_interval: { batch_size: 1, first_partition: null, lookback: 0 },
  microbatch: { granularity: "hour" },
  content_addressed: { partition_columns: [] },
};

function strategyOfNode(value: unknown): unknown {
  const { type } = (value ?? {}) as { readonly type?: unknown };
  const defaults =
    typeof type === "string" && Object.hasOwn(STRATEGY_DEFAULTS, type) ? STRATEGY_DEFAULTS[type] : {};
  return withDefaults(defaults ?? {})(value);
}

/** What stands in for a discovery that there is nothing to discover for, or that failed. */
export const EMPTY_DISCOVER = Object.freeze({ version: "0.0.0", command: "discover", sources: [] });

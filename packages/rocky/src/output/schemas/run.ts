import {
  choice,
  flag,
  integer,
  list,
  nullable,
  number,
  object,
  text,
  union,
  type Static,
} from "../schema.ts";

const checkResult = union(
  object({ source_count: integer, target_count: integer }),
  object({ extra: list(text), missing: list(text) }),
  object({ lag_seconds: integer, threshold_seconds: integer }),
  object({ column: text, null_rate: number, threshold: number }),
  object({ failing_rows: integer, kind: text }, { column: nullable(text) }),
  object({ query: text, result_value: integer, threshold: integer }),
  object({ contributing_tables: list(text), overlap_count: integer, sample: list(text) }),
);

const tableCheckOutput = object({ asset_key: list(text), checks: list(checkResult) });

const driftActionOutput = object({ action: text, reason: text, table: text });

const driftSummary = object({
  actions_taken: list(driftActionOutput),
  tables_checked: integer,
  tables_drifted: integer,
});

const executionSummary = object(
  { concurrency: integer, tables_failed: integer, tables_processed: integer },
  {
    adaptive_concurrency: flag,
    final_concurrency: nullable(integer),
    rate_limits_detected: nullable(integer),
  },
);

const materializationMetadata = object(
  { strategy: text },
  {
    column_count: nullable(integer),
    compile_time_ms: nullable(integer),
    sql_hash: nullable(text),
    target_table_full_name: nullable(text),
    watermark: nullable(text),
  },
);

const attemptRecord = object(
  { attempt: integer, duration_ms: integer, outcome: text },
  {
    backoff_ms: nullable(integer),
    error: nullable(text),
    failure_class: nullable(text),
    transient_kind: nullable(text),
  },
);

const partitionInfo = object({ end: text, key: text, start: text }, { batched_with: list(text) });

const materializationOutput = object(
  { asset_key: list(text), duration_ms: integer, metadata: materializationMetadata, started_at: text },
  {
    attempts: list(attemptRecord),
    bytes_scanned: nullable(integer),
    bytes_written: nullable(integer),
    cost_usd: nullable(number),
    job_ids: list(text),
    partition: nullable(partitionInfo),
    rows_copied: nullable(integer),
    tenant: nullable(text),
  },
);

const permissionSummary = object({
  catalogs_created: integer,
  grants_added: integer,
  grants_revoked: integer,
  schemas_created: integer,
});

const runStatus = choice("Success", "PartialFailure", "Failure", "SkippedIdempotent", "SkippedInFlight");

const anomalyOutput = object({
  baseline_avg: number,
  current_count: integer,
  deviation_pct: number,
  reason: text,
  table: text,
});

const budgetBreachOutput = object({ actual: number, limit: number, limit_type: text });

const containedModelOutput = object({ blocked_by: list(text), model: text, unblock_hint: text });

const modelCostEntry = object(
  { asset_key: list(text), duration_ms: integer },
  { cost_usd: nullable(number) },
);

const runCostSummary = object(
  { adapter_type: text, per_model: list(modelCostEntry), total_duration_ms: integer },
  { total_bytes_scanned: nullable(integer), total_cost_usd: nullable(number) },
);

const failureKind = choice(
  "connection-failed",
  "auth-failed",
  "query-rejected",
  "transient",
  "quota-exceeded",
  "not-found",
  "compile-error",
  "unknown",
);

const tableErrorOutput = object(
  { asset_key: list(text), error: text },
  { cooldown_seconds: nullable(integer), failure_kind: failureKind },
);

const excludedTableOutput = object({
  asset_key: list(text),
  reason: text,
  source_schema: text,
  table_name: text,
});

const metricsSnapshot = object({
  anomalies_detected: integer,
  error_rate_pct: number,
  query_duration_max_ms: integer,
  query_duration_p50_ms: integer,
  query_duration_p95_ms: integer,
  retries_attempted: integer,
  retries_succeeded: integer,
  statements_executed: integer,
  table_duration_max_ms: integer,
  table_duration_p50_ms: integer,
  table_duration_p95_ms: integer,
  tables_failed: integer,
  tables_processed: integer,
});

const modelDecision = choice("build", "skip", "reused");

const modelDecisionOutput = object({ decision: modelDecision, model: text, reason: text });

const overrideWarningOutput = object(
  { kind: text, message: text, rule_index: integer },
  { connector: nullable(text), table: nullable(text) },
);

const partitionSummary = object(
  { model: text, partitions_failed: integer, partitions_planned: integer, partitions_succeeded: integer },
  { partitions_skipped: integer },
);

const quarantineOutput = object(
  { asset_key: list(text), mode: text, ok: flag },
  {
    error: nullable(text),
    quarantine_table: text,
    quarantined_rows: nullable(integer),
    valid_rows: nullable(integer),
    valid_table: text,
  },
);

export const runSchema = object(
  {
    check_results: list(tableCheckOutput),
    command: choice("run"),
    drift: driftSummary,
    duration_ms: integer,
    execution: executionSummary,
    filter: text,
    interrupted: flag,
    materializations: list(materializationOutput),
    permissions: permissionSummary,
    status: runStatus,
    tables_copied: integer,
    tables_failed: integer,
    version: text,
  },
  {
    anomalies: list(anomalyOutput),
    budget_breaches: list(budgetBreachOutput),
    contained: list(containedModelOutput),
    cost_summary: nullable(runCostSummary),
    errors: list(tableErrorOutput),
    excluded_tables: list(excludedTableOutput),
    idempotency_key: nullable(text),
    metrics: nullable(metricsSnapshot),
    model_decisions: list(modelDecisionOutput),
    override_warnings: list(overrideWarningOutput),
    partition_summaries: list(partitionSummary),
    pipeline_type: nullable(text),
    quarantine: list(quarantineOutput),
    resumed_from: nullable(text),
    scheduling_warnings: list(text),
    shadow: flag,
    skipped_by_run_id: nullable(text),
    tables_skipped: integer,
  },
);
export type RunOutput = Static<typeof runSchema>;

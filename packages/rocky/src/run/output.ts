/** The payload of `run` and `apply`; names are those of the recorded JSON. */
export interface RunOutput {
  readonly version: string;
  readonly command: "run";
  readonly status: RunOutputStatus;
  readonly pipeline_type?: string;
  readonly filter: string;
  readonly duration_ms: number;
  readonly tables_copied: number;
  readonly tables_failed: number;
  readonly tables_skipped?: number;
  readonly resumed_from?: string;
  readonly shadow?: boolean;
  readonly materializations: readonly Materialization[];
  readonly check_results: readonly TableChecks[];
  readonly quarantine?: readonly QuarantineResult[];
  readonly anomalies?: readonly Anomaly[];
  readonly budget_breaches?: readonly BudgetBreach[];
  readonly errors?: readonly TableError[];
  readonly excluded_tables?: readonly ExcludedTable[];
  readonly override_warnings?: readonly OverrideWarning[];
  readonly contained?: readonly ContainedModel[];
  readonly model_decisions?: readonly ModelDecision[];
  readonly execution: {
    readonly concurrency: number;
    readonly tables_processed: number;
    readonly tables_failed: number;
    readonly adaptive_concurrency?: boolean;
    readonly final_concurrency?: number;
    readonly rate_limits_detected?: number;
  };
  readonly metrics: RunMetrics | null;
  readonly permissions: {
    readonly grants_added: number;
    readonly grants_revoked: number;
    readonly catalogs_created: number;
    readonly schemas_created: number;
  };
  readonly drift: {
    readonly tables_checked: number;
    readonly tables_drifted: number;
    readonly actions_taken: readonly DriftAction[];
  };
  readonly partition_summaries?: readonly PartitionSummary[];
  readonly interrupted: boolean;
  readonly cost_summary?: {
    readonly total_cost_usd?: number;
    readonly total_duration_ms: number;
    readonly per_model: readonly {
      readonly asset_key: readonly string[];
      readonly duration_ms: number;
      readonly cost_usd: number;
    }[];
    readonly adapter_type: string;
  };
  readonly idempotency_key?: string;
  readonly skipped_by_run_id?: string;
}

export type RunOutputStatus =
  | "Success"
  | "PartialFailure"
  | "Failure"
  | "SkippedIdempotent"
  | "SkippedInFlight";

export interface Materialization {
  readonly asset_key: readonly string[];
  readonly rows_copied: number | null;
  readonly duration_ms: number;
  readonly started_at: string;
  readonly metadata: {
    readonly strategy: string;
    readonly watermark?: string;
    readonly target_table_full_name: string;
    readonly sql_hash?: string;
    readonly column_count?: number;
    readonly compile_time_ms?: number;
  };
  readonly partition?: {
    readonly key: string;
    readonly start: string;
    readonly end: string;
    readonly batched_with?: readonly string[];
  };
  readonly attempts?: readonly Attempt[];
  readonly cost_usd: number;
  readonly tenant?: string;
}

export interface Attempt {
  readonly attempt: number;
  readonly outcome: "success" | "failed";
  readonly duration_ms: number;
  readonly error?: string;
}

export interface CheckResult {
  readonly name: string;
  readonly passed: boolean;
  readonly severity: "error" | "warning";
  readonly [detail: string]: string | number | boolean | readonly string[];
}

export interface TableChecks {
  readonly asset_key: readonly string[];
  readonly checks: readonly CheckResult[];
}

export type FailureKind =
  | "connection-failed"
  | "auth-failed"
  | "query-rejected"
  | "transient"
  | "quota-exceeded"
  | "not-found"
  | "compile-error"
  | "unknown";

export interface TableError {
  readonly asset_key: readonly string[];
  readonly error: string;
  readonly failure_kind: FailureKind;
}

export interface ExcludedTable {
  readonly asset_key: readonly string[];
  readonly source_schema: string;
  readonly table_name: string;
  readonly reason: "missing_from_source" | "table_override_disabled";
}

export interface OverrideWarning {
  readonly rule_index: number;
  readonly kind: "zero_match" | "connector_match_empty";
  readonly message: string;
  readonly connector?: string;
  readonly table?: string;
}

export interface DriftAction {
  readonly table: string;
  readonly action: string;
  readonly reason: string;
}

export interface PartitionSummary {
  readonly model: string;
  readonly partitions_planned: number;
  readonly partitions_succeeded: number;
  readonly partitions_failed: number;
}

export interface QuarantineResult {
  readonly asset_key: readonly string[];
  readonly mode: string;
  readonly valid_table?: string;
  readonly quarantine_table?: string;
  readonly valid_rows?: number;
  readonly quarantined_rows?: number;
  readonly ok: boolean;
  readonly error?: string;
}

export interface Anomaly {
  readonly table: string;
  readonly current_count: number;
  readonly baseline_avg: number;
  readonly deviation_pct: number;
  readonly reason: string;
}

export interface BudgetBreach {
  readonly limit_type: string;
  readonly limit: number;
  readonly actual: number;
}

export interface ModelDecision {
  readonly model: string;
  readonly decision: "build" | "skip";
  readonly reason: string;
}

export interface ContainedModel {
  readonly model: string;
  readonly blocked_by: readonly string[];
  readonly unblock_hint: string;
}

export interface RunMetrics {
  readonly tables_processed: number;
  readonly tables_failed: number;
  readonly error_rate_pct: number;
  readonly statements_executed: number;
  readonly retries_attempted: number;
  readonly retries_succeeded: number;
  readonly anomalies_detected: number;
  readonly table_duration_p50_ms: number;
  readonly table_duration_p95_ms: number;
  readonly table_duration_max_ms: number;
  readonly query_duration_p50_ms: number;
  readonly query_duration_p95_ms: number;
  readonly query_duration_max_ms: number;
}

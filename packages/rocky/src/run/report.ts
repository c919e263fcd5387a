import type { ModelExecution, RunStatus } from "../state/runs.ts";
import { ENGINE_VERSION } from "../version.ts";
import type {
  Anomaly,
  BudgetBreach,
  ContainedModel,
  DriftAction,
  ExcludedTable,
  Materialization,
  ModelDecision,
  OverrideWarning,
  PartitionSummary,
  QuarantineResult,
  RunOutput,
  TableChecks,
  TableError,
} from "./output.ts";

/** What a run gathers while it works. Only the run's own code writes here; everyone else sees the output. */
export interface RunReport {
  readonly startedAt: Date;
  readonly pipelineType: string;
  readonly adapterType: string;
  filter: string;
  concurrency: number;
  adaptive: boolean;
  shadow: boolean;
  interrupted: boolean;
  /** Replication only; models and other pipelines do not count as copied tables. */
  tablesCopied: number;
  tablesFailed: number;
  tablesSkipped: number;
  resumedFrom: string | undefined;
  idempotencyKey: string | undefined;
  schemasCreated: number;
  driftChecked: number;
  driftedTables: number;
  retriesAttempted: number;
  retriesSucceeded: number;
  /** Tables taken up by a replication; the other pipelines leave it at 0. */
  tablesProcessed: number;
  tablesProcessFailed: number;
  /** Replications report timing metrics. */
  readonly withMetrics: boolean;
  readonly withCost: boolean;
  readonly materializations: Materialization[];
  readonly checks: TableChecks[];
  readonly errors: TableError[];
  readonly excluded: ExcludedTable[];
  readonly overrideWarnings: OverrideWarning[];
  readonly driftActions: DriftAction[];
  readonly partitionSummaries: PartitionSummary[];
  readonly quarantine: QuarantineResult[];
  readonly anomalies: Anomaly[];
  readonly budgetBreaches: BudgetBreach[];
  readonly contained: ContainedModel[];
  /** Filled only when unchanged models may be skipped. */
  readonly modelDecisions: ModelDecision[];
  readonly executions: ModelExecution[];
}

export interface ReportOptions {
  readonly pipelineType: string;
  readonly adapterType: string;
  readonly withMetrics?: boolean;
  readonly withCost?: boolean;
}

export const createReport = (options: ReportOptions): RunReport => ({
  startedAt: new Date(),
  pipelineType: options.pipelineType,
  adapterType: options.adapterType,
  withMetrics: options.withMetrics ?? false,
  withCost: options.withCost ?? true,
  filter: "",
  concurrency: 1,
  adaptive: false,
  shadow: false,
  interrupted: false,
  tablesCopied: 0,
  tablesFailed: 0,
  tablesSkipped: 0,
  resumedFrom: undefined,
  idempotencyKey: undefined,
  schemasCreated: 0,
  driftChecked: 0,
  driftedTables: 0,
  retriesAttempted: 0,
  retriesSucceeded: 0,
  tablesProcessed: 0,
  tablesProcessFailed: 0,
  materializations: [],
  checks: [],
  errors: [],
  excluded: [],
  overrideWarnings: [],
  driftActions: [],
  partitionSummaries: [],
  quarantine: [],
  anomalies: [],
  budgetBreaches: [],
  contained: [],
  modelDecisions: [],
  executions: [],
});

/** A problem with progress is a partial failure, a problem without is a failure. */
export const statusOf = (report: RunReport): RunStatus => {
  if (!report.interrupted && report.tablesFailed === 0) return "Success";
  return report.tablesCopied > 0 || report.materializations.length > 0 ? "PartialFailure" : "Failure";
};

export const INTERRUPTED_EXIT_CODE = 130;

export const exitCodeOf = (report: RunReport): number => {
  if (report.interrupted) return INTERRUPTED_EXIT_CODE;
  const status = statusOf(report);
  return status === "Success" ? 0 : status === "PartialFailure" ? 2 : 1;
};

const percentile = (sorted: readonly number[], share: number): number =>
  sorted[Math.min(sorted.length - 1, Math.max(0, Math.ceil(sorted.length * share) - 1))] ?? 0;

const metricsOf = (report: RunReport): RunOutput["metrics"] => {
  if (!report.withMetrics) return null;
  const durations = report.materializations.map((one) => one.duration_ms).sort((left, right) => left - right);
  const finished = report.tablesCopied + report.tablesProcessFailed;
  return {
    tables_processed: report.tablesCopied,
    tables_failed: report.tablesProcessFailed,
    error_rate_pct: finished === 0 ? 0 : (100 * report.tablesProcessFailed) / finished,
    statements_executed: 0,
    retries_attempted: report.retriesAttempted,
    retries_succeeded: report.retriesSucceeded,
    anomalies_detected: report.anomalies.length,
    table_duration_p50_ms: percentile(durations, 0.5),
    table_duration_p95_ms: percentile(durations, 0.95),
    table_duration_max_ms: durations.at(-1) ?? 0,
    query_duration_p50_ms: 0,
    query_duration_p95_ms: 0,
    query_duration_max_ms: 0,
  };
};

const costOf = (report: RunReport): Partial<RunOutput> => {
  if (!report.withCost) return {};
  const total = report.materializations.reduce((sum, one) => sum + one.duration_ms, 0);
  return {
    cost_summary: {
      ...(report.materializations.length === 0 ? {} : { total_cost_usd: 0 }),
      total_duration_ms: total,
      per_model: report.materializations.map(({ asset_key, duration_ms, cost_usd }) => ({
        asset_key,
        duration_ms,
        cost_usd,
      })),
      adapter_type: report.adapterType,
    },
  };
};

/** Leaves out what is empty, as the recorded payloads do. */
const list = <K extends string, T>(key: K, values: readonly T[]): Partial<Record<K, readonly T[]>> =>
  values.length === 0 ? {} : ({ [key]: values } as Record<K, readonly T[]>);

/** What was left out: tables that a resumed run had done before, and models that have not changed. */
const skipped = (report: RunReport): Pick<RunOutput, "tables_skipped" | "resumed_from"> => {
  const unchanged = report.modelDecisions.filter(({ decision }) => decision === "skip").length;
  const tables_skipped = report.tablesSkipped + unchanged;
  if (report.resumedFrom !== undefined) return { tables_skipped, resumed_from: report.resumedFrom };
  return tables_skipped === 0 ? {} : { tables_skipped };
};

export const toOutput = (report: RunReport, finishedAt: Date): RunOutput => ({
  version: ENGINE_VERSION,
  command: "run",
  status: statusOf(report),
  pipeline_type: report.pipelineType,
  filter: report.filter,
  duration_ms: finishedAt.getTime() - report.startedAt.getTime(),
  tables_copied: report.tablesCopied,
  tables_failed: report.tablesFailed,
  ...skipped(report),
  ...(report.shadow ? { shadow: true } : {}),
  materializations: report.materializations,
  check_results: report.checks,
  ...list("quarantine", report.quarantine),
  ...list("anomalies", report.anomalies),
  ...list("budget_breaches", report.budgetBreaches),
  ...list("errors", report.errors),
  ...list("excluded_tables", report.excluded),
  ...list("override_warnings", report.overrideWarnings),
  ...list("contained", report.contained),
  ...list("model_decisions", report.modelDecisions),
  execution: {
    concurrency: report.concurrency,
    tables_processed: report.tablesProcessed,
    tables_failed: report.tablesProcessFailed,
    ...(report.adaptive
      ? { adaptive_concurrency: true, final_concurrency: report.concurrency, rate_limits_detected: 0 }
      : {}),
  },
  metrics: metricsOf(report),
  permissions: {
    grants_added: 0,
    grants_revoked: 0,
    catalogs_created: 0,
    schemas_created: report.schemasCreated,
  },
  drift: {
    tables_checked: report.driftChecked,
    tables_drifted: report.driftedTables,
    actions_taken: report.driftActions,
  },
  ...list("partition_summaries", report.partitionSummaries),
  interrupted: report.interrupted,
  ...costOf(report),
  ...(report.idempotencyKey === undefined ? {} : { idempotency_key: report.idempotencyKey }),
});

import {
  anything,
  boolean,
  defaulted,
  type Infer,
  list,
  many,
  number,
  object,
  optional,
  record,
  required,
  text,
} from "../decode.ts";
import { excludedTable } from "./discover.ts";

export type RunStatus = "Success" | "PartialFailure" | "Failure" | "SkippedIdempotent" | "SkippedInFlight";

const engineKey = list(text);

const materialization = object({
  assetKey: required("asset_key", engineKey),
  durationMs: defaulted("duration_ms", number, 0),
  startedAt: optional("started_at", text),
  rowsCopied: optional("rows_copied", number),
  metadata: required(
    "metadata",
    object({
      strategy: optional("strategy", text),
      watermark: optional("watermark", text),
      targetTableFullName: optional("target_table_full_name", text),
      sqlHash: optional("sql_hash", text),
      columnCount: optional("column_count", number),
      compileTimeMs: optional("compile_time_ms", number),
    }),
  ),
  partition: optional(
    "partition",
    object({
      key: required("key", text),
      start: optional("start", text),
      end: optional("end", text),
    }),
  ),
  tenant: optional("tenant", text),
  costUsd: optional("cost_usd", number),
  bytesScanned: optional("bytes_scanned", number),
  bytesWritten: optional("bytes_written", number),
  jobIds: many("job_ids", text),
  attempts: many("attempts", anything),
});
export type EngineMaterialization = Infer<typeof materialization>;

const engineCheck = object({
  name: required("name", text),
  passed: required("passed", boolean),
  severity: defaulted("severity", text, "error"),
  kind: optional("kind", text),
  failingRows: optional("failing_rows", number),
  sourceCount: optional("source_count", number),
  targetCount: optional("target_count", number),
  missing: optional("missing", list(text)),
  extra: optional("extra", list(text)),
  lagSeconds: optional("lag_seconds", number),
  thresholdSeconds: optional("threshold_seconds", number),
  column: optional("column", text),
  nullRate: optional("null_rate", number),
  threshold: optional("threshold", number),
  query: optional("query", text),
  resultValue: optional("result_value", number),
  overlapCount: optional("overlap_count", number),
  contributingTables: optional("contributing_tables", list(text)),
  sample: optional("sample", list(anything)),
  notEvaluated: optional("not_evaluated", anything),
});
export type EngineCheck = Infer<typeof engineCheck>;

const tableError = object({
  assetKey: defaulted<readonly string[]>("asset_key", engineKey, []),
  error: required("error", text),
  failureKind: defaulted("failure_kind", text, "unknown"),
  cooldownSeconds: optional("cooldown_seconds", number),
});
export type TableError = Infer<typeof tableError>;

const contained = object({
  model: required("model", text),
  blockedBy: many("blocked_by", text),
  unblockHint: defaulted("unblock_hint", text, ""),
});
export type ContainedModel = Infer<typeof contained>;

const anomaly = object({
  table: required("table", text),
  currentCount: required("current_count", number),
  baselineAvg: required("baseline_avg", number),
  deviationPct: required("deviation_pct", number),
  reason: defaulted("reason", text, ""),
});
export type Anomaly = Infer<typeof anomaly>;

const anomalyEvaluation = object({
  table: required("table", text),
  evaluated: required("evaluated", boolean),
  notEvaluatedReason: optional("not_evaluated_reason", text),
});
export type AnomalyEvaluation = Infer<typeof anomalyEvaluation>;

const driftAction = object({
  table: required("table", text),
  action: required("action", text),
  reason: defaulted("reason", text, ""),
});

const drift = object({
  tablesChecked: defaulted("tables_checked", number, 0),
  tablesDrifted: defaulted("tables_drifted", number, 0),
  actionsTaken: many("actions_taken", driftAction),
});
export type DriftSummary = Infer<typeof drift>;

const modelDecision = object({
  model: required("model", text),
  decision: required("decision", text),
  reason: defaulted("reason", text, ""),
});
export type ModelDecision = Infer<typeof modelDecision>;

const noDrift: DriftSummary = { tablesChecked: 0, tablesDrifted: 0, actionsTaken: [] };

const runBody = object({
  version: defaulted("version", text, ""),
  status: optional("status", text),
  filter: defaulted("filter", text, ""),
  pipelineType: optional("pipeline_type", text),
  runId: optional("run_id", text),
  durationMs: defaulted("duration_ms", number, 0),
  tablesCopied: required("tables_copied", number),
  tablesFailed: defaulted("tables_failed", number, 0),
  tablesSkipped: defaulted("tables_skipped", number, 0),
  materializations: required("materializations", list(materialization)),
  checkResults: many(
    "check_results",
    object({ assetKey: required("asset_key", engineKey), checks: many("checks", engineCheck) }),
  ),
  errors: many("errors", tableError),
  contained: many("contained", contained),
  anomalies: many("anomalies", anomaly),
  anomalyEvaluated: many("anomaly_evaluated", anomalyEvaluation),
  excludedTables: many("excluded_tables", excludedTable),
  drift: defaulted("drift", drift, noDrift),
  modelDecisions: many("model_decisions", modelDecision),
  interrupted: defaulted("interrupted", boolean, false),
  verifyAfterFailed: optional("verify_after_failed", anything),
  checkGateFailed: defaulted("check_gate_failed", boolean, false),
  shadow: defaulted("shadow", boolean, false),
  resumedFrom: optional("resumed_from", text),
  idempotencyKey: optional("idempotency_key", text),
  skippedByRunId: optional("skipped_by_run_id", text),
  costSummary: optional(
    "cost_summary",
    object({
      adapterType: optional("adapter_type", text),
      totalCostUsd: optional("total_cost_usd", number),
      totalBytesScanned: optional("total_bytes_scanned", number),
    }),
  ),
  budgetBreaches: many("budget_breaches", record),
  schedulingWarnings: many("scheduling_warnings", text),
  quarantine: many("quarantine", record),
});

/** `rocky run`, and `rocky apply` of a run or replication plan. */
export type RunOutput = Infer<typeof runBody>;

/** Older engines print an envelope `{command: "apply", success, inner}` around a run's output. */
const unwrap = (value: unknown): unknown => {
  const outer = record(value);
  if (outer.command !== "apply") return outer;
  const inner = outer.inner_result ?? outer.inner ?? outer.result;
  return inner ?? outer;
};

export const decodeRun = (value: unknown): RunOutput => runBody(unwrap(value));

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
  required,
  text,
} from "../decode.ts";

/** `rocky plan`. */
export const decodePlan = object({
  filter: defaulted("filter", text, ""),
  planId: optional("plan_id", text),
  planKind: optional("plan_kind", text),
  createdAt: optional("created_at", text),
  models: many("models", text),
  statements: many(
    "statements",
    object({
      purpose: required("purpose", text),
      target: defaulted("target", text, ""),
      sql: defaulted("sql", text, ""),
    }),
  ),
});
export type PlanOutput = Infer<typeof decodePlan>;

/** `rocky compliance`. */
export const decodeCompliance = object({
  summary: required(
    "summary",
    object({
      totalClassified: required("total_classified", number),
      totalExceptions: required("total_exceptions", number),
      totalMasked: required("total_masked", number),
    }),
  ),
  exceptions: required(
    "exceptions",
    list(
      object({
        model: required("model", text),
        column: required("column", text),
        env: required("env", text),
        reason: defaulted("reason", text, ""),
      }),
    ),
  ),
});
export type ComplianceOutput = Infer<typeof decodeCompliance>;

/** `rocky retention-status`. */
export const decodeRetentionStatus = object({
  models: required(
    "models",
    list(
      object({
        model: required("model", text),
        inSync: required("in_sync", boolean),
        configuredDays: optional("configured_days", number),
        warehouseDays: optional("warehouse_days", number),
      }),
    ),
  ),
  message: optional("message", text),
});
export type RetentionStatusOutput = Infer<typeof decodeRetentionStatus>;

/** `rocky optimize`. */
export const decodeOptimize = object({
  recommendations: required(
    "recommendations",
    list(
      object({
        modelName: required("model_name", text),
        currentStrategy: optional("current_strategy", text),
        recommendedStrategy: optional("recommended_strategy", text),
        estimatedMonthlySavings: optional("estimated_monthly_savings", number),
        reasoning: optional("reasoning", text),
        computeCostPerRun: optional("compute_cost_per_run", number),
        storageCostPerMonth: optional("storage_cost_per_month", number),
        downstreamReferences: optional("downstream_references", number),
      }),
    ),
  ),
  totalModelsAnalyzed: defaulted("total_models_analyzed", number, 0),
  message: optional("message", text),
});
export type OptimizeOutput = Infer<typeof decodeOptimize>;

/** `rocky doctor`. */
export const decodeDoctor = object({
  overall: required("overall", text),
  checks: many(
    "checks",
    object({
      name: required("name", text),
      status: required("status", text),
      message: defaulted("message", text, ""),
      durationMs: optional("duration_ms", number),
    }),
  ),
  suggestions: many("suggestions", text),
});
export type DoctorOutput = Infer<typeof decodeDoctor>;

/** `rocky state`. */
export const decodeState = object({
  watermarks: required(
    "watermarks",
    list(
      object({
        table: required("table", text),
        lastValue: required("last_value", text),
        updatedAt: defaulted("updated_at", text, ""),
      }),
    ),
  ),
});
export type StateOutput = Infer<typeof decodeState>;

const runHistory = object({
  count: defaulted("count", number, 0),
  runs: required(
    "runs",
    list(
      object({
        runId: required("run_id", text),
        startedAt: required("started_at", text),
        status: required("status", text),
        trigger: optional("trigger", text),
        durationMs: optional("duration_ms", number),
      }),
    ),
  ),
});
export type RunHistoryOutput = Infer<typeof runHistory>;

const modelHistory = object({
  model: required("model", text),
  count: defaulted("count", number, 0),
  executions: required(
    "executions",
    list(
      object({
        startedAt: required("started_at", text),
        status: required("status", text),
        durationMs: optional("duration_ms", number),
        rowsAffected: optional("rows_affected", number),
        sqlHash: optional("sql_hash", text),
      }),
    ),
  ),
  rollingStats: optional("rolling_stats", anything),
});
export type ModelHistoryOutput = Infer<typeof modelHistory>;

/** `rocky history`; the model form has `executions`. */
export const decodeHistory = (value: unknown): RunHistoryOutput | ModelHistoryOutput =>
  typeof value === "object" && value !== null && "executions" in value
    ? modelHistory(value)
    : runHistory(value);

const freshnessRow = object({
  table: required("table", text),
  status: required("status", text),
  measuredFrom: optional("measured_from", text),
  maxLoadedAt: optional("max_loaded_at", text),
  ageSeconds: optional("age_seconds", number),
  warnAfterSeconds: optional("warn_after_seconds", number),
  errorAfterSeconds: optional("error_after_seconds", number),
  message: optional("message", text),
});

/** `rocky freshness`. */
export const decodeFreshness = object({
  sources: many("sources", freshnessRow),
  models: many("models", freshnessRow),
});
export type FreshnessOutput = Infer<typeof decodeFreshness>;

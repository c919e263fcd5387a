import type { EngineEvent } from "../commands/invocation.ts";
import type { HookContext } from "./context.ts";

/** What a hook is told beside event, run and time. */
export type Facts = Omit<HookContext, "event" | "runId" | "pipeline" | "timestamp">;

type Fired = readonly (readonly [string, Facts])[];

const text = (value: unknown): string => (typeof value === "string" ? value : "");
const count = (value: unknown): number => (typeof value === "number" ? value : 0);

/** Which hooks an engine event stands for. The end of a run is not here: it waits for the output. */
export const eventsFor = ({ fields = {} }: EngineEvent): Fired => {
  const table = text(fields.asset_key).replaceAll("/", ".");
  const model = { model: table.split(".").at(-1) ?? table, table };
  const done = { durationMs: count(fields.duration_ms), metadata: { row_count: count(fields.rows) } };
  const error = text(fields.error);
  switch (fields.event) {
    case "run_started":
      return [["on_pipeline_start", {}]];
    case "sources_discovered":
      return [["on_discover_complete", { metadata: { connector_count: count(fields.sources) } }]];
    case "models_compiled":
      return [["on_compile_complete", { metadata: { model_count: count(fields.models) } }]];
    case "table_started":
      return [["on_before_materialize", { table }]];
    case "table_finished":
      return [["on_after_materialize", { table, ...done }]];
    case "table_failed":
      return [["on_materialize_error", { table, error }]];
    case "model_started":
      return [["on_before_model_run", model]];
    case "model_finished":
      return [["on_after_model_run", { ...model, ...done }]];
    case "model_failed":
      return [["on_model_error", { ...model, error }]];
    case "checks_started":
      return [["on_before_checks", { table }]];
    case "state_synced":
      return [["on_state_synced", {}]];
    case "check_finished": {
      const metadata = { check_name: text(fields.check), passed: fields.passed === true };
      return [["on_check_result", { table, metadata }]];
    }
    default:
      return [];
  }
};

/** The parts of a run's output that become events of their own once it is known. */
export interface RunPayload {
  readonly drift?: { readonly actions_taken: readonly { table: string; action: string; reason: string }[] };
  readonly anomalies?: readonly { readonly table: string; readonly reason: string }[];
  readonly budget_breaches?: readonly Readonly<Record<string, unknown>>[];
  readonly check_results?: readonly { readonly checks: readonly { readonly passed: boolean }[] }[];
}

const ending = ({ fields = {} }: EngineEvent): readonly [string, Facts] => {
  const durationMs = count(fields.duration_ms);
  return fields.status === "Success"
    ? ["on_pipeline_complete", { durationMs }]
    : ["on_pipeline_error", { durationMs, error: `the run ended with status ${text(fields.status)}` }];
};

/** What is fired when a run is over: what its output tells, then how it ended. */
export const eventsAtEnd = (payload: RunPayload, endings: readonly EngineEvent[]): Fired => {
  const checks = (payload.check_results ?? []).flatMap((result) => result.checks);
  const passed = checks.filter((check) => check.passed).length;
  const after = { metadata: { total: checks.length, passed, failed: checks.length - passed } };
  return [
    ...(payload.drift?.actions_taken ?? []).map(
      ({ table, action, reason }) => ["on_drift_detected", { table, metadata: { action, reason } }] as const,
    ),
    ...(checks.length === 0 ? [] : [["on_after_checks", after] as const]),
    ...(payload.anomalies ?? []).map(
      ({ table, reason }) => ["on_anomaly_detected", { table, metadata: { description: reason } }] as const,
    ),
    ...(payload.budget_breaches ?? []).map((breach) => ["on_budget_breach", { metadata: breach }] as const),
    ...endings.map(ending),
  ];
};

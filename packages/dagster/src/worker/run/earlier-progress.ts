import type { EventRecord } from "../../instance/storage.ts";
import { asObject, isRecord, type Json, type JsonRecord, parseJson, readText } from "../../wire/index.ts";
import type { EarlierStep } from "../plan/step-states.ts";
import type { StepFailure } from "./run-steps.ts";

/** What is known of a run that another worker began, from its log. */
export interface EarlierProgress {
  readonly steps: ReadonlyMap<string, EarlierStep>;
  readonly failures: readonly StepFailure[];
  /** Attempts that steps have behind them; one that was cut off counts. */
  readonly attempts: Readonly<Record<string, number>>;
}

/** The events that `earlierProgress` reads. */
export const PROGRESS_EVENTS = [
  "STEP_START",
  "STEP_RESTARTED",
  "STEP_OUTPUT",
  "STEP_SUCCESS",
  "STEP_FAILURE",
  "STEP_SKIPPED",
] as const;

export function earlierProgress(events: readonly EventRecord[]): EarlierProgress {
  const outputs = new Map<string, string[]>();
  const states = new Map<string, EarlierStep["state"]>();
  const attempts: Record<string, number> = {};
  const failures: StepFailure[] = [];
  for (const record of events) {
    const event = asObject(asObject(parseJson(record.body), "EventLogEntry").dagster_event, "DagsterEvent");
    const key = readText(event.step_key) ?? "";
    switch (record.type) {
      case "STEP_START":
      case "STEP_RESTARTED":
        attempts[key] = (attempts[key] ?? 0) + 1;
        outputs.set(key, []);
        break;
      case "STEP_OUTPUT":
        outputs.get(key)?.push(outputName(event));
        break;
      case "STEP_SUCCESS":
        states.set(key, "succeeded");
        break;
      case "STEP_SKIPPED":
        states.set(key, "skipped");
        break;
      case "STEP_FAILURE":
        // A worker that was told to stop wrote it on its way out; the step is for the next worker.
        if (isInterrupt(data(event).error_source)) break;
        states.set(key, "failed");
        failures.push({ stepKey: key, event, error: data(event).error ?? null });
        break;
      default:
    }
  }
  const steps = [...states].map(([key, state]) => [key, { state, outputs: outputs.get(key) ?? [] }] as const);
  return { steps: new Map(steps), failures, attempts };
}

const isInterrupt = (source: Json | undefined): boolean =>
  isRecord(source) && source.__enum__ === "ErrorSource.INTERRUPT";

const data = (event: JsonRecord): JsonRecord =>
  isRecord(event.event_specific_data) ? event.event_specific_data : {};

function outputName(event: JsonRecord): string {
  const handle = data(event).step_output_handle;
  return (isRecord(handle) ? readText(handle.output_name) : undefined) ?? "";
}

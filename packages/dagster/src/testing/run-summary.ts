import { AssetCheckKey, AssetKey } from "../definitions/keys.ts";
import type { JsonValue } from "../definitions/metadata.ts";
import type { EventRow } from "../instance/storage.ts";
import type { RunStep } from "../worker/plan/run-plan.ts";
import { readEntries, readMapping } from "../worker/run/read-materialization.ts";
import { asObject, isRecord, type JsonRecord, parseJson, readEnum, readText } from "../wire/index.ts";

/** How one asset of a run ended. */
export interface AssetSummary {
  readonly key: AssetKey;
  readonly stepKey: string;
  readonly status: "materialized" | "observed" | "failed" | "skipped";
  /** Partitions that were made, in order; empty when the asset is not partitioned. */
  readonly partitions: readonly string[];
  /** What the last event of the asset says, as plain JSON by label. */
  readonly metadata: Readonly<Record<string, JsonValue>>;
}

export interface CheckSummary {
  readonly key: AssetCheckKey;
  readonly stepKey: string;
  /** `missing`: the op gave no result. */
  readonly status: "passed" | "warned" | "failed" | "missing" | "skipped";
  readonly description?: string;
  /** As plain JSON, by label. */
  readonly metadata: Readonly<Record<string, JsonValue>>;
}

export interface StepSummary {
  readonly key: string;
  readonly status: "succeeded" | "failed" | "skipped";
  /** Wall time of the last attempt. */
  readonly seconds: number;
  readonly attempts: number;
  /** Why it failed: the message of the error and of its causes, outermost first. */
  readonly error?: string;
}

/** A run in short: one line per asset, check and step, in plan order. */
export interface RunSummary {
  readonly runId: string;
  /** True when every step succeeded and everything asked for was made. */
  readonly success: boolean;
  readonly seconds: number;
  readonly assets: readonly AssetSummary[];
  readonly checks: readonly CheckSummary[];
  readonly steps: readonly StepSummary[];
  /** Why the run failed as a whole, when it was not for a step. */
  readonly error?: string;
}

interface StepNotes {
  started?: number;
  ended?: number;
  attempts: number;
  outcome?: "succeeded" | "failed";
  error?: string;
}

/** Reads the outcome of a run from its events alone. */
export function summarizeRun(
  runId: string,
  steps: readonly RunStep[],
  rows: readonly EventRow[],
): RunSummary {
  const notes = new Map<string, StepNotes>(steps.map((step) => [step.key, { attempts: 0 }]));
  const made = new Map<string, AssetNote>();
  const checked = new Map<string, EventRow>();
  let runError: string | undefined;
  let succeeded = false;
  for (const row of rows) {
    if (row.assetKey !== undefined) noteAsset(made, row, row.assetKey);
    if (row.check !== undefined)
      checked.set(
        AssetCheckKey.id({ assetKey: AssetKey.of(...row.check.assetKey), name: row.check.checkName }),
        row,
      );
    if (row.type === "PIPELINE_SUCCESS") succeeded = true;
    if (row.type === "PIPELINE_FAILURE" || row.type === "PIPELINE_CANCELED") runError = runErrorText(row);
    const step = row.stepKey === undefined ? undefined : notes.get(row.stepKey);
    if (step !== undefined) noteStep(step, row);
  }
  const stepSummaries = steps.map((step) => stepSummary(step, notes.get(step.key) ?? { attempts: 0 }));
  const status = new Map(stepSummaries.map((step) => [step.key, step.status]));
  const times = rows.map((row) => row.timestamp);
  const hasFailedStep = stepSummaries.some((step) => step.status === "failed");
  return {
    runId,
    success: succeeded,
    seconds: rows.length === 0 ? 0 : (times.at(-1) ?? 0) - (times[0] ?? 0),
    assets: steps.flatMap((step) => assetSummaries(step, made, status.get(step.key))),
    checks: steps.flatMap((step) => checkSummaries(step, checked, status.get(step.key))),
    steps: stepSummaries,
    ...(runError === undefined || hasFailedStep ? {} : { error: runError }),
  };
}

interface AssetNote {
  readonly type: string;
  readonly partitions: string[];
  last: EventRow;
}

function noteAsset(made: Map<string, AssetNote>, row: EventRow, path: readonly string[]): void {
  const id = AssetKey.id({ path });
  const known = made.get(id);
  // A materialization says more than an observation of the same asset.
  const note =
    known === undefined || (known.type !== row.type && row.type === "ASSET_MATERIALIZATION")
      ? { type: row.type ?? "", partitions: [], last: row }
      : known;
  made.set(id, note);
  if (row.type !== note.type) return;
  note.last = row;
  if (row.partition !== undefined) note.partitions.push(row.partition);
}

function noteStep(step: StepNotes, row: EventRow): void {
  switch (row.type) {
    case "STEP_START":
    case "STEP_RESTARTED":
      step.started = row.timestamp;
      step.attempts++;
      break;
    case "STEP_SUCCESS":
      step.ended = row.timestamp;
      step.outcome = "succeeded";
      break;
    case "STEP_FAILURE":
      step.ended = row.timestamp;
      step.outcome = "failed";
      step.error = errorText(eventData(row).error);
      break;
    default:
  }
}

function stepSummary(step: RunStep, notes: StepNotes): StepSummary {
  return {
    key: step.key,
    status: notes.outcome ?? "skipped",
    seconds: notes.started === undefined || notes.ended === undefined ? 0 : notes.ended - notes.started,
    attempts: notes.attempts,
    ...(notes.error === undefined ? {} : { error: notes.error }),
  };
}

function assetSummaries(
  step: RunStep,
  made: ReadonlyMap<string, AssetNote>,
  status: StepSummary["status"] | undefined,
): readonly AssetSummary[] {
  return step.outputs.flatMap(({ asset }): AssetSummary[] => {
    if (asset === undefined) return [];
    const note = made.get(AssetKey.id(asset.key));
    const isObservation =
      step.definition.kind === "assets" && step.definition.executionType === "observation";
    const wanted = isObservation ? "ASSET_OBSERVATION" : "ASSET_MATERIALIZATION";
    const isMade = note?.type === wanted;
    return [
      {
        key: asset.key,
        stepKey: step.key,
        status: isMade
          ? isObservation
            ? "observed"
            : "materialized"
          : status === "failed"
            ? "failed"
            : "skipped",
        partitions: isMade ? note.partitions : [],
        // Few who run thousands of assets look at it.
        get metadata() {
          return isMade ? assetMetadata(note.last) : {};
        },
      },
    ];
  });
}

function checkSummaries(
  step: RunStep,
  checked: ReadonlyMap<string, EventRow>,
  status: StepSummary["status"] | undefined,
): readonly CheckSummary[] {
  return step.outputs.flatMap(({ check }): CheckSummary[] => {
    if (check === undefined) return [];
    const row = checked.get(AssetCheckKey.id(check.key));
    if (row?.check === undefined) {
      const missing = status === "skipped" ? "skipped" : "missing";
      return [{ key: check.key, stepKey: step.key, status: missing, metadata: {} }];
    }
    const data = eventData(row);
    const description = readText(data.description);
    const failed = readEnum(data.severity) === "WARN" ? "warned" : "failed";
    return [
      {
        key: check.key,
        stepKey: step.key,
        status: row.check.passed ? "passed" : failed,
        ...(description === undefined ? {} : { description }),
        metadata: readMapping(data.metadata),
      },
    ];
  });
}

function assetMetadata(row: EventRow): Readonly<Record<string, JsonValue>> {
  const data = eventData(row);
  const event = data.materialization ?? data.asset_observation;
  return readEntries(isRecord(event) ? event.metadata_entries : undefined);
}

function eventData(row: EventRow): JsonRecord {
  const event = asObject(parseJson(row.body), "EventLogEntry").dagster_event;
  const data = isRecord(event) ? event.event_specific_data : undefined;
  return isRecord(data) ? data : {};
}

function runErrorText(row: EventRow): string {
  const error = errorText(eventData(row).error);
  if (error !== "") return error;
  const event = asObject(parseJson(row.body), "EventLogEntry").dagster_event;
  return (isRecord(event) ? readText(event.message) : undefined) ?? "";
}

const WRAPPER = "DagsterExecutionStepExecutionError";

/** Messages of an error and its causes; the frame that only says which op it was is left out. */
function errorText(error: JsonRecord[string] | undefined): string {
  const lines: string[] = [];
  for (let at = error; isRecord(at); at = at.cause) {
    if (readText(at.cls_name) === WRAPPER && isRecord(at.cause)) continue;
    lines.push((readText(at.message) ?? "").trimEnd());
  }
  return lines.join("\ncaused by ");
}

import type { EventRow } from "../../instance/storage.ts";
import {
  pythonRepr,
  wire,
  wireEnum,
  type WireEnums,
  type WireObject,
  type WireValue,
} from "../../wire/index.ts";
import { durationText } from "./duration.ts";
import { type EventSource, LEVELS, reportedEvent, runEvent } from "./entry.ts";

export type FailureReason = WireEnums["RunFailureReason"];
type Reporter = Omit<EventSource, "pid">;

const textEntry = (label: string, text: string): WireObject =>
  wire("EventMetadataEntry", { label, entry_data: wire("TextMetadataEntryData", { text }) });

const engineData = (entries: readonly WireValue[] = [], error: WireValue = null): WireObject =>
  wire("EngineEventData", { metadata_entries: entries, error });

/** An engine event reported about the run by whoever hosts it. */
export const reportedEngineEvent = (source: Reporter, message: string, error: WireValue = null): EventRow =>
  reportedEvent(source, {
    type: "ENGINE_EVENT",
    message,
    level: error === null ? LEVELS.info : LEVELS.error,
    data: engineData([], error),
  });

export const processStarted = (source: EventSource, isResuming: boolean): EventRow =>
  reportedEvent(source, {
    type: "ENGINE_EVENT",
    message: `Started process for ${isResuming ? "resuming job" : "run"} (pid: ${source.pid}).`,
    data: engineData([textEntry("pid", String(source.pid))]),
  });

export const processExited = (source: EventSource): EventRow =>
  reportedEngineEvent(source, `Process for run exited (pid: ${source.pid}).`);

/** An engine event from inside the run. */
export const engineEvent = (source: EventSource, message: string): EventRow =>
  runEvent(source, { type: "ENGINE_EVENT", message, data: engineData() });

export const engineEventWithError = (source: EventSource, message: string, error: WireValue): EventRow =>
  runEvent(source, { type: "ENGINE_EVENT", message, data: engineData([], error) });

const stepList = (source: EventSource, stepKeys: readonly string[]): WireObject =>
  engineData([
    textEntry("pid", String(source.pid)),
    textEntry("step_keys", `[${stepKeys.map(pythonRepr).join(", ")}]`),
  ]);

export const executingSteps = (source: EventSource, stepKeys: readonly string[]): EventRow =>
  runEvent(source, {
    type: "ENGINE_EVENT",
    message: `Executing steps in process (pid: ${source.pid})`,
    data: stepList(source, stepKeys),
  });

export const finishedSteps = (
  source: EventSource,
  stepKeys: readonly string[],
  milliseconds: number,
): EventRow =>
  runEvent(source, {
    type: "ENGINE_EVENT",
    message: `Finished steps in process (pid: ${source.pid}) in ${durationText(milliseconds)}`,
    data: stepList(source, stepKeys),
  });

export const runStarted = (source: EventSource): EventRow =>
  runEvent(source, { type: "PIPELINE_START", message: `Started execution of run for "${source.jobName}".` });

export const runSucceeded = (source: EventSource): EventRow =>
  runEvent(source, {
    type: "PIPELINE_SUCCESS",
    message: `Finished execution of run for "${source.jobName}".`,
  });

export interface RunFailure {
  readonly reason: FailureReason;
  readonly message: string;
  readonly error: WireValue;
  /** The event of the step that failed first. */
  readonly firstStepFailure?: WireValue;
}

export const runFailed = (source: EventSource, failure: RunFailure): EventRow =>
  runEvent(source, {
    type: "PIPELINE_FAILURE",
    message: `Execution of run for "${source.jobName}" failed. ${failure.message}`,
    level: LEVELS.error,
    data: failureData(failure),
    columns: { failureReason: failure.reason },
  });

export const runCanceled = (source: EventSource, error: WireValue, message?: string): EventRow =>
  runEvent(source, {
    type: "PIPELINE_CANCELED",
    message: message ?? `Execution of run for "${source.jobName}" canceled.`,
    level: LEVELS.error,
    data: wire("PipelineCanceledData", { error }),
  });

const failureData = (failure: RunFailure): WireObject =>
  wire("PipelineFailureData", {
    error: failure.error,
    failure_reason: wireEnum("RunFailureReason", failure.reason),
    first_step_failure_event: failure.firstStepFailure ?? null,
  });

/** For a run whose worker cannot say so itself any more. */
export const reportedFailure = (source: Reporter, failure: RunFailure): EventRow =>
  reportedEvent(source, {
    type: "PIPELINE_FAILURE",
    message: failure.message,
    level: LEVELS.error,
    data: failureData(failure),
    columns: { failureReason: failure.reason },
  });

export const reportedCancellation = (source: Reporter, message: string): EventRow =>
  reportedEvent(source, { type: "PIPELINE_CANCELED", message, level: LEVELS.error });

/** Captured output of these steps goes to the files of this key. */
export const logsCaptured = (source: EventSource, fileKey: string, stepKeys: readonly string[]): EventRow =>
  runEvent(source, {
    type: "LOGS_CAPTURED",
    message: `Capturing logs for process (pid: ${source.pid}).`,
    data: wire("ComputeLogsCaptureData", { log_key: fileKey, step_keys: stepKeys }),
  });

/** Markers pair the two events on the run's timeline. */
export const resourcesStarting = (source: EventSource, keys: readonly string[]): EventRow =>
  runEvent(source, {
    type: "RESOURCE_INIT_STARTED",
    message: `Starting initialization of resources [${keys.join(", ")}].`,
    data: wire("EngineEventData", { metadata_entries: [], marker_start: "resources" }),
  });

export const resourcesReady = (source: EventSource, keys: readonly string[]): EventRow =>
  runEvent(source, {
    type: "RESOURCE_INIT_SUCCESS",
    message: `Finished initialization of resources [${keys.join(", ")}].`,
    data: wire("EngineEventData", { metadata_entries: [], marker_end: "resources" }),
  });

export const resourcesFailed = (source: EventSource, keys: readonly string[], error: WireValue): EventRow =>
  runEvent(source, {
    type: "RESOURCE_INIT_FAILURE",
    message: `Initialization of resources [${keys.join(", ")}] failed.`,
    level: LEVELS.error,
    data: wire("EngineEventData", { metadata_entries: [], marker_end: "resources", error }),
  });

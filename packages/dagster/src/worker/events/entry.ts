import type { EventRow } from "../../instance/storage.ts";
import { LEVELS } from "../logging/levels.ts";
import { float, wire, type WireObject, type WireValue, writeWire } from "../../wire/index.ts";

export { LEVELS };
export type Level = (typeof LEVELS)[keyof typeof LEVELS];

/** What every entry of a run repeats. */
export interface EventSource {
  readonly runId: string;
  readonly jobName: string;
  /** Epoch seconds; never the same twice. */
  readonly clock: () => number;
  /** Of the process that runs the steps. */
  readonly pid: number;
}

interface EventFields {
  readonly type: string;
  readonly message: string | null;
  /** What the log shows; the message when absent. */
  readonly userMessage?: string;
  readonly level?: Level;
  readonly data?: WireObject | null;
  /** Columns beyond those that every event has. */
  readonly columns?: Pick<EventRow, "assetKey" | "partition" | "tags" | "check" | "failureReason">;
}

/** An event about the whole run, from inside the process that runs it. */
export function runEvent(source: EventSource, event: EventFields): EventRow {
  return eventRow(source, event, runPart(source, event), undefined);
}

/** An event of one step. */
export function stepEvent(
  source: Omit<EventSource, "pid"> & { readonly pid?: number },
  stepKey: string,
  event: EventFields,
): EventRow {
  const dagsterEvent = stepWireEvent(source, stepKey, event);
  return eventRow(source, event, dagsterEvent, stepKey);
}

/** The event inside an entry, which a run failure repeats for its first failed step. */
export function stepWireEvent(
  source: Omit<EventSource, "pid"> & { readonly pid?: number },
  stepKey: string,
  event: EventFields,
): WireObject {
  const handle = wire("SolidHandle", { name: stepKey, parent: null });
  return wire("DagsterEvent", {
    event_type_value: event.type,
    pipeline_name: source.jobName,
    step_handle: wire("StepHandle", { solid_handle: handle, key: stepKey }),
    solid_handle: handle,
    step_kind_value: "COMPUTE",
    logging_tags: {
      job_name: source.jobName,
      op_name: stepKey,
      resource_fn_name: "None",
      resource_name: "None",
      run_id: source.runId,
      step_key: stepKey,
    },
    event_specific_data: event.data ?? null,
    message: event.message,
    pid: source.pid ?? null,
    step_key: stepKey,
  });
}

function runPart(source: EventSource, event: EventFields): WireObject {
  return wire("DagsterEvent", {
    event_type_value: event.type,
    pipeline_name: source.jobName,
    logging_tags: {},
    event_specific_data: event.data ?? null,
    message: event.message,
    pid: source.pid,
  });
}

/** An event reported about a run from outside its steps: no pid, and no text in the log column. */
export function reportedEvent(source: Omit<EventSource, "pid">, event: EventFields): EventRow {
  const dagsterEvent = wire("DagsterEvent", {
    event_type_value: event.type,
    pipeline_name: source.jobName,
    logging_tags: {},
    event_specific_data: event.data ?? null,
    message: event.message,
  });
  return eventRow(source, { level: LEVELS.info, ...event, userMessage: "" }, dagsterEvent, undefined);
}

/** A line of `context.log`. */
export function logLine(
  source: Omit<EventSource, "pid">,
  level: Level,
  message: string,
  stepKey?: string,
): EventRow {
  const timestamp = source.clock();
  return {
    runId: source.runId,
    timestamp,
    body: entryText(source, {
      level,
      userMessage: message,
      timestamp,
      stepKey: stepKey ?? null,
      event: null,
    }),
    ...(stepKey === undefined ? {} : { stepKey }),
  };
}

function eventRow(
  source: Omit<EventSource, "pid">,
  event: EventFields,
  dagsterEvent: WireObject,
  stepKey: string | undefined,
): EventRow {
  const timestamp = source.clock();
  const entry = {
    level: event.level ?? LEVELS.debug,
    userMessage: event.userMessage ?? event.message ?? "",
    timestamp,
    stepKey: stepKey ?? null,
    event: dagsterEvent,
  };
  return {
    runId: source.runId,
    timestamp,
    type: event.type,
    body: entryText(source, entry),
    ...(stepKey === undefined ? {} : { stepKey }),
    ...event.columns,
  };
}

interface EntryFields {
  readonly level: Level;
  readonly userMessage: string;
  readonly timestamp: number;
  readonly stepKey: string | null;
  readonly event: WireValue;
}

const entryText = (source: Omit<EventSource, "pid">, entry: EntryFields): string =>
  writeWire(
    wire("EventLogEntry", {
      error_info: null,
      level: entry.level,
      user_message: entry.userMessage,
      run_id: source.runId,
      timestamp: float(entry.timestamp),
      step_key: entry.stepKey,
      pipeline_name: source.jobName,
      dagster_event: entry.event,
    }),
  );

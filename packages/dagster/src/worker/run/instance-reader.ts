import { keyOf } from "../../definitions/asset-ref.ts";
import type {
  CheckRecord,
  InstanceReader,
  RunInfo,
  RunStatusEvent,
  RunStatusName,
  StepFailure,
} from "../../definitions/instance-reader.ts";
import type { Instance } from "../../instance/open-instance.ts";
import type { CheckExecution, EventRecord, RunRecord } from "../../instance/storage.ts";
import { asObject, isRecord, type Json, parseJson, readEnum, readItems, readText } from "../../wire/index.ts";
import { eventOf, readMaterialization } from "./read-materialization.ts";
import { readRunDetails } from "./run-row.ts";

type Storages = Pick<Instance, "events" | "runs">;

const STATUS_EVENTS: Readonly<Record<RunStatusName, string>> = {
  QUEUED: "PIPELINE_ENQUEUED",
  STARTING: "PIPELINE_STARTING",
  STARTED: "PIPELINE_START",
  SUCCESS: "PIPELINE_SUCCESS",
  FAILURE: "PIPELINE_FAILURE",
  CANCELING: "PIPELINE_CANCELING",
  CANCELED: "PIPELINE_CANCELED",
};

/** Read access to the instance in the terms of user code. */
export const createInstanceReader = (instance: Storages): InstanceReader =>
  createLazyInstanceReader(async () => instance);

/** The same for an instance that is opened at the first question. */
export function createLazyInstanceReader(open: () => Promise<Storages>): InstanceReader {
  let opened: Promise<Storages> | undefined;
  const storages = (): Promise<Storages> => {
    opened ??= open();
    return opened;
  };
  return {
    latestMaterialization: async (asset) => {
      const { events } = await storages();
      const { path } = keyOf(asset, "latestMaterialization");
      const [found] = (await events.latestMaterializations([path])).values();
      return found === undefined ? undefined : { runId: found.runId, timestamp: found.timestamp };
    },
    materializations: async ({ asset, limit = 1000, ...query }) => {
      const { events } = await storages();
      const types = ["ASSET_MATERIALIZATION"];
      const key = keyOf(asset, "materializations");
      const found = await events.events({ types, assetKey: key.path, limit, ...query });
      return found.map((record) => readMaterialization(key, record));
    },
    latestCheck: async (check, partition) => {
      const { events } = await storages();
      const found = await events.latestCheck(check.assetKey.path, check.name, partition);
      return found === undefined ? undefined : checkRecord(found);
    },
    dynamicPartitions: async (name) => (await storages()).events.dynamicPartitions(name),
    countRuns: async (filter) => (await storages()).runs.countRuns(filter),
    run: async (runId) => {
      const found = await (await storages()).runs.getRun(runId);
      return found === undefined ? undefined : runInfo(found);
    },
    runStatusEvents: async ({ status, limit = 25, ...query }) => {
      const { events } = await storages();
      const found = await events.events({ types: [STATUS_EVENTS[status]], limit, ...query });
      return found.map((record) => statusEvent(status, record));
    },
    stepFailures: async (runId) => {
      const { events } = await storages();
      return (await events.runEvents(runId, ["STEP_FAILURE"])).map(stepFailure);
    },
  };
}

/** The location and repository of an `ExternalRepositoryOrigin`. */
export function readOrigin(origin: Json | undefined): RunInfo["origin"] {
  if (!isRecord(origin) || !isRecord(origin.repository_location_origin)) return undefined;
  const locationName = readText(origin.repository_location_origin.location_name);
  const repositoryName = readText(origin.repository_name);
  return locationName === undefined || repositoryName === undefined
    ? undefined
    : { locationName, repositoryName };
}

function runInfo(record: RunRecord): RunInfo {
  const body = asObject(parseJson(record.body), "PipelineRun");
  const job = body.external_pipeline_origin;
  const origin = isRecord(job) ? readOrigin(job.external_repository_origin) : undefined;
  return {
    runId: record.runId,
    jobName: record.jobName,
    status: record.status,
    tags: record.tags,
    runConfig: readRunDetails(record).runConfig,
    ...(record.startTime === undefined ? {} : { startTime: record.startTime }),
    ...(record.endTime === undefined ? {} : { endTime: record.endTime }),
    ...(origin === undefined ? {} : { origin }),
    serialized: record.body,
  };
}

function statusEvent(status: RunStatusName, record: EventRecord): RunStatusEvent {
  const { storageId: eventId, runId, timestamp } = record;
  return { eventId, runId, status, timestamp, message: readText(eventOf(record).message) ?? "" };
}

function stepFailure(record: EventRecord): StepFailure {
  const event = eventOf(record);
  const data = isRecord(event.event_specific_data) ? event.event_specific_data : {};
  const error = isRecord(data.error) ? data.error : {};
  return {
    stepKey: readText(event.step_key) ?? "",
    message: (readText(error.message) ?? readText(event.message) ?? "").trimEnd(),
    stack: (readItems(error.stack) ?? []).map((line) => readText(line) ?? ""),
  };
}

function checkRecord(found: CheckExecution): CheckRecord {
  return {
    runId: found.runId,
    passed: found.status === "SUCCEEDED",
    severity: severityOf(found.body),
    timestamp: found.timestamp,
  };
}

function severityOf(body: string): "WARN" | "ERROR" {
  const event = asObject(parseJson(body), "EventLogEntry").dagster_event;
  const data = isRecord(event) ? event.event_specific_data : undefined;
  return isRecord(data) && readEnum(data.severity) === "WARN" ? "WARN" : "ERROR";
}

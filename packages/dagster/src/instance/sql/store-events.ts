import type { EventRow } from "../storage.ts";
import { timestampText } from "../time.ts";
import { assetKeyText } from "./asset-key-text.ts";
import { insert, placeholders, type SqlClient, type SqlValue, update } from "./client.ts";

/** Dagster's `ASSET_EVENTS`: those that appear in the history of an asset, across runs. */
const ASSET_EVENTS: ReadonlySet<string> = new Set([
  "ASSET_MATERIALIZATION",
  "ASSET_OBSERVATION",
  "ASSET_MATERIALIZATION_PLANNED",
]);

export const isAssetEvent = (event: EventRow): boolean =>
  event.type !== undefined && ASSET_EVENTS.has(event.type) && event.assetKey !== undefined;

/** The run status that an event of this type stands for. */
export const STATUS_BY_EVENT_TYPE = {
  PIPELINE_ENQUEUED: "QUEUED",
  PIPELINE_STARTING: "STARTING",
  PIPELINE_START: "STARTED",
  PIPELINE_SUCCESS: "SUCCESS",
  PIPELINE_FAILURE: "FAILURE",
  PIPELINE_CANCELING: "CANCELING",
  PIPELINE_CANCELED: "CANCELED",
} as const;

export type RunEventType = keyof typeof STATUS_BY_EVENT_TYPE;
export const isRunEventType = (type: string | undefined): type is RunEventType =>
  type !== undefined && Object.hasOwn(STATUS_BY_EVENT_TYPE, type);

/** The plain `event_logs` row. */
export function insertEvent(client: SqlClient, event: EventRow): Promise<number> {
  return insert(client, "event_logs", {
    run_id: event.runId,
    event: event.body,
    dagster_event_type: event.type ?? null,
    timestamp: timestampText(event.timestamp),
    step_key: event.stepKey ?? null,
    asset_key: event.assetKey === undefined ? null : assetKeyText(event.assetKey),
    partition: event.partition ?? null,
  });
}

/** Tags that Dagster indexes; the others live in the event only. */
const isIndexedTag = (key: string): boolean =>
  key === "dagster/data_version" || key.startsWith("dagster/partition/");

/** `asset_event_tags` and `asset_keys`, in the transaction that inserted the event. */
export async function recordAssetEvent(client: SqlClient, event: EventRow, eventId: number): Promise<void> {
  if (event.assetKey === undefined) return;
  const key = assetKeyText(event.assetKey);
  const at = timestampText(event.timestamp);
  for (const [name, value] of Object.entries(event.tags ?? {})) {
    if (!isIndexedTag(name)) continue;
    await insert(client, "asset_event_tags", {
      event_id: eventId,
      asset_key: key,
      key: name,
      value,
      event_timestamp: at,
    });
  }
  await putAssetKey(client, key, assetKeyColumns(event, eventId, at));
}

function assetKeyColumns(event: EventRow, eventId: number, at: string): Readonly<Record<string, SqlValue>> {
  const seen = { last_materialization_timestamp: at };
  switch (event.type) {
    case "ASSET_MATERIALIZATION":
      return { ...seen, last_materialization: recordText(event.body, eventId), last_run_id: event.runId };
    case "ASSET_MATERIALIZATION_PLANNED":
      return { ...seen, last_run_id: event.runId };
    default:
      return seen;
  }
}

/** A serialised `EventLogRecord`, made around the entry's own text. */
const recordText = (body: string, storageId: number): string =>
  `{"__class__": "EventLogRecord", "event_log_entry": ${body}, "storage_id": ${storageId}}`;

/** The row that the host planned becomes the evaluation; a check that nobody planned gets a new row. */
export async function recordCheck(client: SqlClient, event: EventRow, eventId: number): Promise<void> {
  const check = event.check;
  if (check === undefined) return;
  await upsert(
    client,
    "asset_check_executions",
    {
      asset_key: assetKeyText(check.assetKey),
      check_name: check.checkName,
      run_id: event.runId,
      partition: check.partition ?? null,
    },
    {
      execution_status: check.passed ? "SUCCEEDED" : "FAILED",
      evaluation_event: event.body,
      evaluation_event_timestamp: timestampText(event.timestamp),
      evaluation_event_storage_id: eventId,
      materialization_event_storage_id: check.targetStorageId ?? null,
    },
  );
}

/** Other runs may add the same asset at the same moment. */
async function putAssetKey(
  client: SqlClient,
  key: string,
  values: Readonly<Record<string, SqlValue>>,
): Promise<void> {
  const names = Object.keys(values);
  await client.execute(
    `INSERT INTO asset_keys (asset_key, ${names.join(", ")}) VALUES (${placeholders(names.length + 1)})
     ON CONFLICT (asset_key) DO UPDATE SET ${names.map((name) => `${name} = excluded.${name}`).join(", ")}`,
    [key, ...Object.values(values)],
  );
}

/** Update first: the unique index of checks treats nulls as distinct, so ON CONFLICT would not see them. */
async function upsert(
  client: SqlClient,
  table: string,
  key: Readonly<Record<string, SqlValue>>,
  values: Readonly<Record<string, SqlValue>>,
): Promise<void> {
  if ((await update(client, table, values, key)) > 0) return;
  await insert(client, table, { ...key, ...values });
}

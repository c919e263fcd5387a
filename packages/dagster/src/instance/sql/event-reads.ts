import { asObject, isRecord, parseJson, readNumber, readText } from "../../wire/index.ts";
import type { AssetPath, CheckExecution, EventQuery, EventRecord } from "../storage.ts";
import { epochSeconds } from "../time.ts";
import { assetKeyText } from "./asset-key-text.ts";
import {
  asNumber,
  asOptionalText,
  asText,
  placeholders,
  type SqlClient,
  type SqlDatabase,
  type SqlRow,
  type SqlValue,
} from "./client.ts";

const EVENT_COLUMNS = "id, run_id, event, dagster_event_type, timestamp, partition";
/** SQLite allows 32,766 parameters; far fewer keep the statement small. */
const BATCH = 500;

/** Events of a wiped asset that are older than the wipe no longer count. */
const NOT_WIPED = `NOT EXISTS (SELECT 1 FROM asset_keys k WHERE k.asset_key = event_logs.asset_key
  AND k.wipe_timestamp IS NOT NULL AND event_logs.timestamp <= k.wipe_timestamp)`;

/** Reads over the table that holds the events of all runs. */
export function createEventReads(database: SqlDatabase) {
  return {
    latestMaterializations: (keys: readonly AssetPath[]) =>
      database.read(async (client) => {
        const found = new Map<string, EventRecord>();
        for (const batch of batches(keys.map(assetKeyText))) {
          const rows = await client.query(
            `SELECT asset_key, last_materialization FROM asset_keys
             WHERE last_materialization IS NOT NULL AND asset_key IN (${placeholders(batch.length)})`,
            batch,
          );
          for (const row of rows) {
            const record = readEventRecord(asText(row.last_materialization));
            if (record !== undefined) found.set(asText(row.asset_key), record);
          }
        }
        return found;
      }),

    latestEvent: (key: AssetPath, type: string, partition?: string) =>
      database.read(async (client) => {
        const params: SqlValue[] = [assetKeyText(key), type];
        if (partition !== undefined) params.push(partition);
        const rows = await client.query(
          `SELECT ${EVENT_COLUMNS} FROM event_logs WHERE asset_key = ? AND dagster_event_type = ?
           ${partition === undefined ? "" : "AND partition = ?"} AND ${NOT_WIPED} ORDER BY id DESC LIMIT 1`,
          params,
        );
        return rows[0] === undefined ? undefined : toEvent(rows[0]);
      }),

    latestTagByPartition: (key: AssetPath, tag: string, partitions: readonly string[]) =>
      database.read(async (client) => {
        const found = new Map<string, string>();
        for (const batch of batches(partitions)) {
          const rows = await client.query(
            `SELECT latest.partition AS partition, t.value AS value FROM (
               SELECT partition, max(id) AS id FROM event_logs
               WHERE asset_key = ? AND dagster_event_type = 'ASSET_MATERIALIZATION'
                 AND partition IN (${placeholders(batch.length)}) AND ${NOT_WIPED} GROUP BY partition
             ) latest JOIN asset_event_tags t ON t.event_id = latest.id WHERE t.key = ?`,
            [assetKeyText(key), ...batch, tag],
          );
          for (const row of rows) found.set(asText(row.partition), asText(row.value));
        }
        return found;
      }),

    latestCheck: (key: AssetPath, checkName: string, partition?: string) =>
      database.read(async (client) => latestCheck(client, key, checkName, partition)),

    events: (query: EventQuery) =>
      database.read(async (client) => {
        if (query.types.length === 0) return [];
        const tests = [`dagster_event_type IN (${placeholders(query.types.length)})`, "id > ?"];
        const params: SqlValue[] = [...query.types, query.afterId ?? 0];
        if (query.assetKey !== undefined) {
          tests.push("asset_key = ?", NOT_WIPED);
          params.push(assetKeyText(query.assetKey));
        }
        if (query.beforeId !== undefined) {
          tests.push("id < ?");
          params.push(query.beforeId);
        }
        if (query.ids !== undefined) {
          if (query.ids.length === 0) return [];
          tests.push(`id IN (${placeholders(query.ids.length)})`);
          params.push(...query.ids);
        }
        const order = query.newestFirst === true ? "DESC" : "ASC";
        const rows = await client.query(
          `SELECT ${EVENT_COLUMNS} FROM event_logs WHERE ${tests.join(" AND ")} ORDER BY id ${order} LIMIT ?`,
          [...params, query.limit],
        );
        return rows.map(toEvent);
      }),

    maximumId: () =>
      database.read(async (client) => {
        const rows = await client.query("SELECT max(id) AS id FROM event_logs");
        return asNumber(rows[0]?.id);
      }),

    dynamicPartitions: (name: string) =>
      database.read(async (client) => {
        const rows = await client.query(
          "SELECT partition FROM dynamic_partitions WHERE partitions_def_name = ? ORDER BY id",
          [name],
        );
        return rows.map((row) => asText(row.partition));
      }),
  };
}

/** Events of one run, from the table that holds them. */
export async function selectRunEvents(
  client: SqlClient,
  runId: string,
  types: readonly string[],
): Promise<readonly EventRecord[]> {
  if (types.length === 0) return [];
  const rows = await client.query(
    `SELECT ${EVENT_COLUMNS} FROM event_logs
     WHERE run_id = ? AND dagster_event_type IN (${placeholders(types.length)}) ORDER BY id`,
    [runId, ...types],
  );
  return rows.map(toEvent);
}

async function latestCheck(
  client: SqlClient,
  key: AssetPath,
  checkName: string,
  partition: string | undefined,
): Promise<CheckExecution | undefined> {
  const params: SqlValue[] = [assetKeyText(key), checkName];
  if (partition !== undefined) params.push(partition);
  const rows = await client.query(
    `SELECT run_id, execution_status, partition, evaluation_event, evaluation_event_timestamp
     FROM asset_check_executions WHERE asset_key = ? AND check_name = ?
       ${partition === undefined ? "" : "AND partition = ?"} AND execution_status IN ('SUCCEEDED', 'FAILED')
     ORDER BY evaluation_event_storage_id DESC LIMIT 1`,
    params,
  );
  const row = rows[0];
  if (row === undefined) return undefined;
  return {
    runId: asText(row.run_id),
    status: asText(row.execution_status) === "SUCCEEDED" ? "SUCCEEDED" : "FAILED",
    partition: asOptionalText(row.partition),
    timestamp: epochSeconds(asText(row.evaluation_event_timestamp)),
    body: asText(row.evaluation_event),
  };
}

function toEvent(row: SqlRow): EventRecord {
  return {
    storageId: asNumber(row.id),
    runId: asText(row.run_id),
    type: asOptionalText(row.dagster_event_type),
    timestamp: epochSeconds(asText(row.timestamp)),
    partition: asOptionalText(row.partition),
    body: asText(row.event),
  };
}

const RECORD_OPENING = '{"__class__": "EventLogRecord", "event_log_entry": ';

/** Undefined for rows older than event records, which hold a bare materialization. */
function readEventRecord(text: string): EventRecord | undefined {
  if (!text.startsWith(RECORD_OPENING)) return undefined;
  const record = asObject(parseJson(text), "EventLogRecord");
  const entry = asObject(record.event_log_entry, "EventLogEntry");
  const event = isRecord(entry.dagster_event) ? entry.dagster_event : {};
  const data = isRecord(event.event_specific_data) ? event.event_specific_data : {};
  const materialization = isRecord(data.materialization) ? data.materialization : {};
  const bodyEnd = text.lastIndexOf(', "storage_id": ');
  return {
    storageId: readNumber(record.storage_id) ?? 0,
    runId: readText(entry.run_id) ?? "",
    type: readText(event.event_type_value),
    timestamp: readNumber(entry.timestamp) ?? 0,
    partition: readText(materialization.partition),
    body: text.slice(RECORD_OPENING.length, bodyEnd),
  };
}

function* batches(values: readonly string[]): Generator<readonly string[]> {
  for (let at = 0; at < values.length; at += BATCH) yield values.slice(at, at + BATCH);
}

import type { MaterializationEvent } from "../../definitions/instance-reader.ts";
import type { AssetKey } from "../../definitions/keys.ts";
import type { JsonValue } from "../../definitions/metadata.ts";
import type { EventRecord } from "../../instance/storage.ts";
import {
  asObject,
  isRecord,
  type Json,
  type JsonRecord,
  parseJson,
  plainJson,
  readItems,
  readText,
  readTextMap,
} from "../../wire/index.ts";

/** The event inside a stored entry. */
export function eventOf(record: EventRecord): JsonRecord {
  const { dagster_event: event } = asObject(parseJson(record.body), "EventLogEntry");
  return isRecord(event) ? event : {};
}

export function readMaterialization(assetKey: AssetKey, record: EventRecord): MaterializationEvent {
  const { event_specific_data: data } = eventOf(record);
  const made = isRecord(data) && isRecord(data.materialization) ? data.materialization : {};
  const partition = readText(made.partition);
  return {
    eventId: record.storageId,
    runId: record.runId,
    timestamp: record.timestamp,
    assetKey,
    ...(partition === undefined ? {} : { partition }),
    tags: readTextMap(made.tags),
    metadata: readEntries(made.metadata_entries),
  };
}

/** Metadata of an event as plain JSON, by label. */
export const readEntries = (entries: Json | undefined): Readonly<Record<string, JsonValue>> =>
  Object.fromEntries((readItems(entries) ?? []).map(readEntry));

/** The same from the mapping form, which checks have. */
export const readMapping = (mapping: Json | undefined): Readonly<Record<string, JsonValue>> =>
  Object.fromEntries(
    Object.entries(isRecord(mapping) ? mapping : {}).map(([label, data]) => [
      label,
      isRecord(data) ? entryValue(data) : null,
    ]),
  );

function readEntry(entry: Json): [string, JsonValue] {
  if (!isRecord(entry)) return ["", null];
  return [readText(entry.label) ?? "", isRecord(entry.entry_data) ? entryValue(entry.entry_data) : null];
}

/** Kinds with one field give its value, the others an object. */
function entryValue({ __class__: _class, ...fields }: JsonRecord): JsonValue {
  const values = Object.values(fields);
  if (values.length === 0) return null;
  const [only] = values;
  return plainJson(values.length === 1 && only !== undefined ? only : fields) as JsonValue;
}

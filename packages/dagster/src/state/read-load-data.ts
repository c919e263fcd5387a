import { asObject, isRecord, type Json, parseJson, readText } from "../wire/index.ts";
import type { ReconstructionData } from "./load-data.ts";
import { stateInfoFrom } from "./state-info.ts";

const FIELD = '"repository_load_data": ';
const NEXT_FIELD = ', "snapshot_version": ';

/** A plan of ten thousand steps is megabytes of text, of which this is a few hundred characters. */
const cutOut = (planSnapshot: string): Json | undefined => {
  const end = planSnapshot.lastIndexOf(NEXT_FIELD);
  const start = planSnapshot.lastIndexOf(FIELD, end);
  if (start < 0 || end < 0) return undefined;
  try {
    return parseJson(planSnapshot.slice(start + FIELD.length, end));
  } catch {
    return undefined;
  }
};

const metadataText = (value: Json): string | undefined => {
  if (typeof value === "string") return value;
  return isRecord(value) ? readText(value.data) : undefined;
};

/** What the code server left in a run's execution plan snapshot, for the worker that loads the same again. */
export const readLoadData = (planSnapshot: string): ReconstructionData => {
  const value =
    cutOut(planSnapshot) ?? asObject(parseJson(planSnapshot), "ExecutionPlanSnapshot").repository_load_data;
  if (value === null || value === undefined) return { metadata: {} };
  const data = asObject(value, "RepositoryLoadData");
  const stateInfo = stateInfoFrom(data.defs_state_info);
  const entries = isRecord(data.reconstruction_metadata) ? Object.entries(data.reconstruction_metadata) : [];
  const metadata: Record<string, string> = {};
  for (const [key, entry] of entries) {
    const text = metadataText(entry);
    if (text !== undefined) metadata[key] = text;
  }
  return { metadata, ...(stateInfo === undefined ? {} : { stateInfo }) };
};

import type { AssetCheckKey, AssetKey } from "../../definitions/keys.ts";
import type { JsonObject } from "../../definitions/metadata.ts";
import type { RunRecord } from "../../instance/storage.ts";
import {
  asObject,
  isRecord,
  type Json,
  type JsonRecord,
  parseJson,
  plainJson,
  readItems,
  readText,
} from "../../wire/index.ts";
import { readAssetCheckKeys, readAssetKeys } from "../../snapshot/read-keys.ts";

/** A run as its worker needs it. */
export interface RunDetails {
  readonly record: RunRecord;
  readonly runConfig: JsonObject;
  /** Undefined: whatever the job is about. */
  readonly assetSelection: readonly AssetKey[] | undefined;
  /** Undefined: every check of the selected assets. */
  readonly checkSelection: readonly AssetCheckKey[] | undefined;
  /** Undefined: every step of the selection. */
  readonly stepKeys: readonly string[] | undefined;
  readonly planSnapshotId: string | undefined;
  readonly parentRunId: string | undefined;
}

export function readRunDetails(record: RunRecord): RunDetails {
  const body = asObject(parseJson(record.body), "PipelineRun");
  return {
    record,
    runConfig: readRunConfig(body.run_config),
    assetSelection: readAssetKeys(body.asset_selection),
    checkSelection: readAssetCheckKeys(body.asset_check_selection),
    stepKeys: readItems(body.step_keys_to_execute)?.map((key) => readText(key) ?? ""),
    planSnapshotId: readText(body.execution_plan_snapshot_id),
    parentRunId: readText(body.parent_run_id),
  };
}

export const readRunConfig = (value: Json | undefined): JsonObject =>
  isRecord(value) ? (plainJson(value) as JsonObject) : {};

/** A part of the run config, or an empty object where it says nothing. */
export function configSection(config: JsonObject, ...path: readonly string[]): JsonObject {
  let section: JsonObject = config;
  for (const key of path) {
    const next = section[key];
    if (typeof next !== "object" || next === null || Array.isArray(next)) return {};
    section = next as JsonObject;
  }
  return section;
}

/** Attempts that steps made in the run which this one continues; the host computes them. */
export function previousAttempts(planSnapshot: string | undefined): Readonly<Record<string, number>> {
  if (planSnapshot === undefined) return {};
  const plan = asObject(parseJson(planSnapshot), "ExecutionPlanSnapshot");
  const known: JsonRecord = isRecord(plan.initial_known_state) ? plan.initial_known_state : {};
  const attempts = isRecord(known.previous_retry_attempts) ? known.previous_retry_attempts : {};
  return Object.fromEntries(Object.entries(attempts).map(([key, count]) => [key, Number(count)]));
}

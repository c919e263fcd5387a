import type { AssetKey } from "../../definitions/keys.ts";
import type { MetadataInput } from "../../definitions/metadata.ts";
import type { EventRow } from "../../instance/storage.ts";
import { float, wire, wireEnum, type WireObject, type WireValue } from "../../wire/index.ts";
import { durationText } from "./duration.ts";
import { type EventSource, LEVELS, stepEvent, stepWireEvent } from "./entry.ts";
import { metadataEntries, metadataMapping } from "../../snapshot/metadata.ts";

const wireKey = (key: AssetKey): WireObject => wire("AssetKey", { path: key.path });

export const stepStarted = (source: EventSource, stepKey: string): EventRow =>
  stepEvent(source, stepKey, { type: "STEP_START", message: `Started execution of step "${stepKey}".` });

export const stepRestarted = (source: EventSource, stepKey: string, previousAttempts: number): EventRow =>
  stepEvent(source, stepKey, {
    type: "STEP_RESTARTED",
    message: `Started re-execution (attempt # ${previousAttempts + 1}) of step "${stepKey}".`,
  });

export const stepSucceeded = (source: EventSource, stepKey: string, milliseconds: number): EventRow =>
  stepEvent(source, stepKey, {
    type: "STEP_SUCCESS",
    message: `Finished execution of step "${stepKey}" in ${durationText(milliseconds)}.`,
    data: wire("StepSuccessData", { duration_ms: float(milliseconds) }),
  });

export const stepSkipped = (source: EventSource, stepKey: string): EventRow =>
  stepEvent(source, stepKey, { type: "STEP_SKIPPED", message: `Skipped execution of step "${stepKey}".` });

/** The failure as its row, and as the object that the run's failure repeats. */
export function stepFailed(
  source: EventSource,
  stepKey: string,
  data: WireObject,
): { readonly row: EventRow; readonly event: WireObject } {
  const fields = {
    type: "STEP_FAILURE",
    message: `Execution of step "${stepKey}" failed.`,
    level: LEVELS.error,
    data,
  };
  return { row: stepEvent(source, stepKey, fields), event: stepWireEvent(source, stepKey, fields) };
}

/** `secondsToWait` as Python prints it: an integer when it was given as one. */
export const stepUpForRetry = (
  source: EventSource,
  stepKey: string,
  error: WireObject,
  secondsToWait: number,
): EventRow =>
  stepEvent(source, stepKey, {
    type: "STEP_UP_FOR_RETRY",
    message: `Execution of step "${stepKey}" failed and has requested a retry${secondsToWait === 0 ? "" : ` in ${secondsToWait} seconds`}.`,
    data: wire("StepRetryData", { error, seconds_to_wait: secondsToWait }),
  });

export interface OutputFields {
  readonly outputName: string;
  readonly typeName: string;
  readonly metadata: MetadataInput;
}

export const stepOutput = (source: EventSource, stepKey: string, output: OutputFields): EventRow =>
  stepEvent(source, stepKey, {
    type: "STEP_OUTPUT",
    message: `Yielded output "${output.outputName}" of type "${output.typeName}". (Type check passed).`,
    data: wire("StepOutputData", {
      step_output_handle: wire("StepOutputHandle", { step_key: stepKey, output_name: output.outputName }),
      type_check_data: wire("TypeCheckData", { success: true, label: output.outputName }),
      metadata_entries: metadataEntries(output.metadata),
    }),
  });

export interface AssetFields {
  readonly assetKey: AssetKey;
  readonly description: string | undefined;
  readonly metadata: MetadataInput;
  readonly tags: Readonly<Record<string, string>>;
  readonly partition: string | undefined;
}

const assetColumns = (asset: AssetFields): Pick<EventRow, "assetKey" | "partition" | "tags"> => ({
  assetKey: asset.assetKey.path,
  tags: asset.tags,
  ...(asset.partition === undefined ? {} : { partition: asset.partition }),
});

const assetEventFields = (asset: AssetFields) => ({
  asset_key: wireKey(asset.assetKey),
  description: asset.description ?? null,
  metadata_entries: metadataEntries(asset.metadata),
  partition: asset.partition ?? null,
  tags: asset.tags,
});

export const assetMaterialized = (source: EventSource, stepKey: string, asset: AssetFields): EventRow =>
  stepEvent(source, stepKey, {
    type: "ASSET_MATERIALIZATION",
    message: asset.description ?? `Materialized value ${asset.assetKey.path.join(" ")}.`,
    data: wire("StepMaterializationData", {
      materialization: wire("AssetMaterialization", assetEventFields(asset)),
      asset_lineage: [],
    }),
    columns: assetColumns(asset),
  });

export const assetObserved = (source: EventSource, stepKey: string, asset: AssetFields): EventRow =>
  stepEvent(source, stepKey, {
    type: "ASSET_OBSERVATION",
    message: null,
    // Not a slip: the host's log shows exactly this text for observations.
    userMessage: `DagsterEventType.ASSET_OBSERVATION for step ${stepKey}`,
    data: wire("AssetObservationData", {
      asset_observation: wire("AssetObservation", assetEventFields(asset)),
    }),
    columns: assetColumns(asset),
  });

export interface CheckFields {
  readonly assetKey: AssetKey;
  readonly checkName: string;
  readonly passed: boolean;
  readonly severity: "WARN" | "ERROR";
  readonly blocking: boolean;
  readonly description: string | undefined;
  readonly metadata: MetadataInput;
  readonly partition: string | undefined;
  readonly target: TargetMaterialization | undefined;
}

/** The materialization that a check looked at. */
export interface TargetMaterialization {
  readonly runId: string;
  readonly storageId: number;
  /** Epoch seconds. */
  readonly timestamp: number;
}

export function checkEvaluated(source: EventSource, stepKey: string, check: CheckFields): EventRow {
  const { target } = check;
  const verdict = check.passed ? "passed." : "did not pass.";
  const reason = check.description === undefined ? "" : ` Description: '${check.description}'`;
  return stepEvent(source, stepKey, {
    type: "ASSET_CHECK_EVALUATION",
    message: `Asset check '${check.checkName}' on '${check.assetKey.path.join("/")}' ${verdict}${reason}`,
    data: wire("AssetCheckEvaluation", {
      asset_key: wireKey(check.assetKey),
      check_name: check.checkName,
      success: check.passed,
      metadata: metadataMapping(check.metadata),
      target_materialization_data: target === undefined ? null : targetData(target),
      severity: wireEnum("AssetCheckSeverity", check.severity),
      description: check.description ?? null,
      blocking: check.blocking,
      partition: check.partition ?? null,
    }),
    columns: {
      check: {
        assetKey: check.assetKey.path,
        checkName: check.checkName,
        passed: check.passed,
        ...(check.partition === undefined ? {} : { partition: check.partition }),
        ...(target === undefined ? {} : { targetStorageId: target.storageId }),
      },
    },
  });
}

const targetData = (target: TargetMaterialization): WireObject =>
  wire("AssetCheckEvaluationTargetMaterializationData", {
    storage_id: target.storageId,
    run_id: target.runId,
    timestamp: float(target.timestamp),
  });

/** The step waits for a slot of its pool. */
export const poolBlocked = (source: EventSource, stepKey: string, pool: string, first: boolean): EventRow =>
  stepEvent(source, stepKey, {
    type: "ENGINE_EVENT",
    message: `Step ${first ? "" : "still "}blocked by limit for pool ${pool}`,
    data: wire("EngineEventData", { metadata_entries: [poolEntry(pool)] }),
  });

const poolEntry = (pool: string): WireValue =>
  wire("EventMetadataEntry", { label: "pool", entry_data: wire("PoolMetadataValue", { pool }) });

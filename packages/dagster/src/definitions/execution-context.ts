import type { InstanceReader } from "./instance-reader.ts";
import type { AssetCheckKey, AssetKey } from "./keys.ts";
import type { JsonObject } from "./metadata.ts";

export type { CheckRecord, InstanceReader, MaterializationRecord } from "./instance-reader.ts";

/**
 * Writes to the run's event log, which the UI shows live. Fields stand behind the message there; loggers get them as
 * they are.
 */
export interface StepLogger {
  debug(message: string, fields?: JsonObject): void;
  info(message: string, fields?: JsonObject): void;
  warn(message: string, fields?: JsonObject): void;
  error(message: string, fields?: JsonObject): void;
}

/** Inclusive. */
export interface PartitionKeyRange {
  readonly start: string;
  readonly end: string;
}

/** What a running op sees. */
export interface AssetExecutionContext {
  readonly runId: string;
  readonly jobName: string;
  readonly opName: string;
  readonly stepKey: string;
  /** 0 for the first attempt. */
  readonly retryNumber: number;
  /** Aborted when the run is canceled; user code must stop, children included. */
  readonly signal: AbortSignal;
  readonly log: StepLogger;
  /** Selected assets and checks, in definition order. */
  readonly selectedAssetKeys: readonly AssetKey[];
  readonly selectedCheckKeys: readonly AssetCheckKey[];
  readonly runTags: Readonly<Record<string, string>>;
  /** The run config of this op (`ops.<name>.config`). */
  readonly opConfig: JsonObject;
  /** The run's only partition, when it has exactly one. */
  readonly partitionKey?: string;
  /** The run's range; for a single partition both ends are that key. */
  readonly partitionKeyRange?: PartitionKeyRange;
  /** All keys of the run, in order; empty when not partitioned. */
  readonly partitionKeys: readonly string[];
  /** Resources by key, set up before the first step that needs them. */
  readonly resources: Readonly<Record<string, unknown>>;
  readonly instance: InstanceReader;
}

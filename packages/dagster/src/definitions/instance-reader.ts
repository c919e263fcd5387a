import type { AssetRef } from "./asset-ref.ts";
import type { AssetCheckKey, AssetKey } from "./keys.ts";
import type { JsonObject, JsonValue } from "./metadata.ts";

/** A past event of an asset or check, as far as user code may ask for it. */
export interface CheckRecord {
  readonly runId: string;
  readonly passed: boolean;
  readonly severity: "WARN" | "ERROR";
  /** Epoch seconds. */
  readonly timestamp: number;
}

/** When an asset was last made, and by which run. */
export interface MaterializationRecord {
  readonly runId: string;
  /** Epoch seconds. */
  readonly timestamp: number;
}

/** One materialization in the event log. */
export interface MaterializationEvent extends MaterializationRecord {
  /** Grows over all runs of the instance. */
  readonly eventId: number;
  readonly assetKey: AssetKey;
  readonly partition?: string;
  readonly tags: Readonly<Record<string, string>>;
  /** Values as plain JSON, by label. */
  readonly metadata: Readonly<Record<string, JsonValue>>;
}

export interface MaterializationQuery {
  readonly asset: AssetRef;
  /** Only events with a greater id. */
  readonly afterId?: number;
  /** Only events with a smaller id. */
  readonly beforeId?: number;
  /** Only these events. */
  readonly ids?: readonly number[];
  /** Default: 1000. */
  readonly limit?: number;
  /** Default: the oldest first. */
  readonly newestFirst?: boolean;
}

export type RunStatusName =
  | "QUEUED"
  | "STARTING"
  | "STARTED"
  | "SUCCESS"
  | "FAILURE"
  | "CANCELING"
  | "CANCELED";

/** A run reached a status. */
export interface RunStatusEvent {
  readonly eventId: number;
  readonly runId: string;
  readonly status: RunStatusName;
  /** Epoch seconds. */
  readonly timestamp: number;
  /** What the event log says. */
  readonly message: string;
}

export interface RunStatusQuery {
  readonly status: RunStatusName;
  readonly afterId?: number;
  /** Default: 25. */
  readonly limit?: number;
  /** Default: the oldest first. */
  readonly newestFirst?: boolean;
}

/** Where a run's job is defined. */
export interface RunOrigin {
  readonly locationName: string;
  readonly repositoryName: string;
}

export interface RunInfo {
  readonly runId: string;
  readonly jobName: string;
  readonly status: string;
  readonly tags: Readonly<Record<string, string>>;
  readonly runConfig: JsonObject;
  /** Epoch seconds. */
  readonly startTime?: number;
  readonly endTime?: number;
  /** Absent for runs that no code location launched. */
  readonly origin?: RunOrigin;
  /** The run as the instance stores it. */
  readonly serialized: string;
}

/** A step that failed for good. */
export interface StepFailure {
  readonly stepKey: string;
  /** The error's class and message. */
  readonly message: string;
  readonly stack: readonly string[];
}

/** Read access to the instance, for code that needs history. */
export interface InstanceReader {
  /** The newest materialization of an asset, of any partition; undefined when there never was one. */
  latestMaterialization(asset: AssetRef): Promise<MaterializationRecord | undefined>;
  materializations(query: MaterializationQuery): Promise<readonly MaterializationEvent[]>;
  /** The newest finished evaluation of a check, or undefined. */
  latestCheck(check: AssetCheckKey, partition?: string): Promise<CheckRecord | undefined>;
  /** Keys of a dynamic partition set, in order of creation. */
  dynamicPartitions(name: string): Promise<readonly string[]>;
  /** How many runs carry all of these tags and one of these statuses. */
  countRuns(filter: {
    readonly tags: Readonly<Record<string, string>>;
    readonly statuses: readonly string[];
  }): Promise<number>;
  run(runId: string): Promise<RunInfo | undefined>;
  runStatusEvents(query: RunStatusQuery): Promise<readonly RunStatusEvent[]>;
  /** In the order in which the steps failed. */
  stepFailures(runId: string): Promise<readonly StepFailure[]>;
}

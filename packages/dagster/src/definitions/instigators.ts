import type { AssetEvent } from "./events.ts";
import type { AssetRef } from "./asset-ref.ts";
import type { StepLogger } from "./execution-context.ts";
import type { InstanceReader, RunInfo, RunOrigin, RunStatusName } from "./instance-reader.ts";
import type { AssetCheckKey, AssetKey } from "./keys.ts";
import type { JsonObject, MetadataInput } from "./metadata.ts";
import type { ResourceMap, ResourceValues } from "./resources.ts";
import type { AssetSelection } from "./selection.ts";

/** One run that a schedule or sensor asks for. */
export interface RunRequest {
  /** The daemon launches one run per key, ever. */
  readonly runKey?: string;
  readonly runConfig?: JsonObject;
  readonly tags?: Readonly<Record<string, string>>;
  readonly jobName?: string;
  readonly assetSelection?: readonly AssetRef[];
  readonly assetCheckKeys?: readonly AssetCheckKey[];
  readonly partitionKey?: string;
}

export interface DynamicPartitionsRequest {
  readonly partitionsDefName: string;
  readonly add?: readonly string[];
  readonly delete?: readonly string[];
}

/** A run-status sensor dealt with a run; the host notes it in the run's event log. */
export interface RunReaction {
  readonly run: RunInfo;
  readonly status: RunStatusName;
  /** What the sensor's function threw. */
  readonly error?: unknown;
}

/** A tick either asks for runs or says why not. */
export interface SensorResult {
  readonly runRequests?: readonly RunRequest[];
  readonly skipReason?: string;
  /** The next tick's cursor; unchanged when absent. */
  readonly cursor?: string;
  readonly dynamicPartitionsRequests?: readonly DynamicPartitionsRequest[];
  readonly runReactions?: readonly RunReaction[];
  /** What the sensor learned about assets outside of any run; the host stores it. */
  readonly assetEvents?: readonly AssetEvent[];
}

export interface SensorContext {
  readonly sensorName: string;
  readonly cursor?: string;
  readonly lastRunKey?: string;
  /** Epoch seconds. */
  readonly lastTickCompletionTime?: number;
  readonly lastSensorStartTime?: number;
  /** The code location that the sensor is in; absent outside of a host. */
  readonly origin?: RunOrigin;
  readonly log: StepLogger;
  readonly signal: AbortSignal;
  readonly instance: InstanceReader;
  readonly resources: Readonly<Record<string, unknown>>;
}

/** The context of a schedule or sensor whose `resources` are those that it asked for. */
export type WithResources<Context extends { readonly resources: unknown }, R extends ResourceMap> = Omit<
  Context,
  "resources"
> & { readonly resources: ResourceValues<R> };

export interface SensorDefinition {
  readonly kind: "sensor";
  readonly name: string;
  /** STANDARD evaluates here; AUTO_MATERIALIZE is listed here and evaluated by the daemon. */
  readonly type: "STANDARD" | "ASSET" | "MULTI_ASSET" | "RUN_STATUS" | "AUTO_MATERIALIZE";
  readonly target: InstigatorTarget;
  readonly description?: string;
  readonly minimumIntervalSeconds: number;
  readonly defaultStatus: "RUNNING" | "STOPPED";
  readonly tags: Readonly<Record<string, string>>;
  readonly metadata: MetadataInput;
  /** Resources that `evaluate` needs. Absent: all of the location. */
  readonly requiredResourceKeys?: readonly string[];
  /** Definitions behind these keys, when the sensor brings them along. */
  readonly resources?: ResourceMap;
  /** For asset sensors, the monitored assets. */
  readonly monitoredAssets?: readonly AssetKey[];
  readonly evaluate: (context: SensorContext) => Promise<SensorResult>;
}

/** What an instigator runs: a job by name, a selection of assets, or (sensors that only react) nothing. */
export type InstigatorTarget =
  | { readonly kind: "none" }
  | { readonly kind: "job"; readonly jobName: string }
  | { readonly kind: "selection"; readonly selection: AssetSelection };

export interface ScheduleContext {
  readonly scheduleName: string;
  /** The tick's nominal time, epoch seconds. */
  readonly scheduledExecutionTime: number;
  readonly log: StepLogger;
  readonly signal: AbortSignal;
  readonly instance: InstanceReader;
  readonly resources: Readonly<Record<string, unknown>>;
}

export interface ScheduleResult {
  readonly runRequests?: readonly RunRequest[];
  readonly skipReason?: string;
}

export interface ScheduleDefinition {
  readonly kind: "schedule";
  readonly name: string;
  /** One cron string, or several (any of them fires). */
  readonly cronSchedule: string | readonly string[];
  readonly executionTimezone: string;
  readonly target: InstigatorTarget;
  readonly description?: string;
  readonly defaultStatus: "RUNNING" | "STOPPED";
  readonly tags: Readonly<Record<string, string>>;
  readonly metadata: MetadataInput;
  /** Resources that `evaluate` needs. Absent: all of the location. */
  readonly requiredResourceKeys?: readonly string[];
  /** Definitions behind these keys, when the schedule brings them along. */
  readonly resources?: ResourceMap;
  readonly evaluate: (context: ScheduleContext) => Promise<ScheduleResult>;
}

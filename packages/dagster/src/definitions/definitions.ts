import type { AssetChecksDefinition, AssetsDefinition, ExternalAssetDefinition } from "./assets.ts";
import type { AutomationCondition } from "./automation.ts";
import type { HookDefinition } from "./hooks.ts";
import type { ScheduleDefinition, SensorDefinition } from "./instigators.ts";
import type { JobConfig } from "./job-config.ts";
import type { LoggerMap } from "./loggers.ts";
import type { MetadataInput } from "./metadata.ts";
import type { PartitionsDefinition } from "./partitions.ts";
import type { ResourceDefinition } from "./resources.ts";
import type { AssetSelection } from "./selection.ts";

export type { ResourceDefinition } from "./resources.ts";

/** A named selection of assets that launches as one. `__ASSET_JOB` exists without being declared. */
export interface AssetJobDefinition {
  readonly kind: "job";
  readonly name: string;
  readonly description?: string;
  readonly selection: AssetSelection;
  readonly tags: Readonly<Record<string, string>>;
  readonly runTags: Readonly<Record<string, string>>;
  readonly metadata: MetadataInput;
  readonly config?: JobConfig;
  readonly partitionsDef?: PartitionsDefinition;
  /** Looks at the job's root assets; the daemon launches the whole job. */
  readonly automationCondition?: AutomationCondition;
  /** What follows each of its steps. */
  readonly hooks?: readonly HookDefinition[];
}

/** Everything that one code location holds. */
export interface Definitions {
  readonly assets: readonly (AssetsDefinition | ExternalAssetDefinition)[];
  readonly assetChecks: readonly AssetChecksDefinition[];
  readonly jobs: readonly AssetJobDefinition[];
  readonly schedules: readonly ScheduleDefinition[];
  readonly sensors: readonly SensorDefinition[];
  readonly resources: Readonly<Record<string, ResourceDefinition>>;
  /** Destinations for logs that run configs may name. */
  readonly loggers?: LoggerMap;
  readonly metadata: MetadataInput;
}

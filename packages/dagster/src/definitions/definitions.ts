import type { AssetChecksDefinition, AssetsDefinition, ExternalAssetDefinition } from "./assets.ts";
import type { ScheduleDefinition, SensorDefinition } from "./instigators.ts";
import type { JsonObject, MetadataInput } from "./metadata.ts";
import type { PartitionsDefinition } from "./partitions.ts";
import type { AssetSelection } from "./selection.ts";

/** A named selection of assets that launches as one. `__ASSET_JOB` exists without being declared. */
export interface AssetJobDefinition {
  readonly kind: "job";
  readonly name: string;
  readonly description?: string;
  readonly selection: AssetSelection;
  readonly tags: Readonly<Record<string, string>>;
  readonly runTags: Readonly<Record<string, string>>;
  readonly metadata: MetadataInput;
  readonly config?: JsonObject;
  readonly partitionsDef?: PartitionsDefinition;
}

/** A value that ops share. `create` runs once per process that needs it, `dispose` at its end. */
export interface ResourceDefinition {
  readonly description?: string;
  /** What the resources page shows; secrets must not be in it. */
  readonly display?: JsonObject;
  readonly create: () => unknown | Promise<unknown>;
  readonly dispose?: (value: unknown) => void | Promise<void>;
}

/** Everything that one code location holds. */
export interface Definitions {
  readonly assets: readonly (AssetsDefinition | ExternalAssetDefinition)[];
  readonly assetChecks: readonly AssetChecksDefinition[];
  readonly jobs: readonly AssetJobDefinition[];
  readonly schedules: readonly ScheduleDefinition[];
  readonly sensors: readonly SensorDefinition[];
  readonly resources: Readonly<Record<string, ResourceDefinition>>;
  readonly metadata: MetadataInput;
}

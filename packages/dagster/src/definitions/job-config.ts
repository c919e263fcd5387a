import type { ConfigFields, ConfigValues } from "./config.ts";
import type { JsonObject } from "./metadata.ts";

/** A config of a job's own, in place of the whole run config: the launchpad shows only its fields. */
export interface ConfigMapping {
  readonly kind: "configMapping";
  readonly fields: ConfigFields;
  /** The run config of the ops and resources that these values stand for. */
  readonly toRunConfig: (values: JsonObject) => JsonObject;
}

/** A run config for each partition of a job. */
export interface PartitionedConfig {
  readonly kind: "partitionedConfig";
  readonly forPartition: (partitionKey: string) => JsonObject;
}

/** What a job says about the config of its runs. */
export type JobConfig = JsonObject | ConfigMapping | PartitionedConfig;

/**
 * A few fields that stand for a run config: `configMapping({ day: Config.string() }, ({ day }) => ({ ops: … }))`.
 * The function is called when a run is planned and when it starts; what it gives is checked as if it had been typed.
 */
export const configMapping = <F extends ConfigFields>(
  fields: F,
  toRunConfig: (values: ConfigValues<F>) => JsonObject,
): ConfigMapping =>
  Object.freeze({
    kind: "configMapping",
    fields,
    // The values are checked against these very fields first.
    toRunConfig: toRunConfig as (values: JsonObject) => JsonObject,
  });

/** The run config that the launchpad and backfills start a partition's run with. */
export const partitionedConfig = (forPartition: (partitionKey: string) => JsonObject): PartitionedConfig =>
  Object.freeze({ kind: "partitionedConfig", forPartition });

export const isConfigMapping = (config: JobConfig | undefined): config is ConfigMapping =>
  config?.kind === "configMapping" && typeof config.toRunConfig === "function";

export const isPartitionedConfig = (config: JobConfig | undefined): config is PartitionedConfig =>
  config?.kind === "partitionedConfig" && typeof config.forPartition === "function";

/** The run config that every run of the job starts with, where it says one. */
export const plainConfig = (config: JobConfig | undefined): JsonObject | undefined =>
  config === undefined || isConfigMapping(config) || isPartitionedConfig(config) ? undefined : config;

import { DefinitionsError } from "../definitions/errors.ts";
import { isPartitionedConfig, plainConfig } from "../definitions/job-config.ts";
import type { JsonObject } from "../definitions/metadata.ts";
import { splitMultiKey } from "../definitions/partition-keys.ts";
import type { PartitionsDefinition } from "../definitions/partitions.ts";
import type { CompiledJob, CompiledRepository } from "../planning/index.ts";
import { didYouMean } from "../text-distance.ts";
import { type WireObject, wire } from "../wire/index.ts";
import { partitionSetName } from "./partition-sets.ts";

const PARTITION_TAG = "dagster/partition";

/** One tag for each dimension of a multi-dimensional partition; none for other partitions. */
export function dimensionTags(
  partitions: PartitionsDefinition | undefined,
  key: string | undefined,
): Readonly<Record<string, string>> {
  if (partitions?.kind !== "multi" || key === undefined) return {};
  const parts = Object.entries(splitMultiKey(partitions, key));
  return Object.fromEntries(parts.map(([name, part]) => [`${PARTITION_TAG}/${name}`, part]));
}

/** Tags by which the host and the worker know the partition of a run. */
export const partitionTags = (
  partitions: PartitionsDefinition | undefined,
  key: string,
): Readonly<Record<string, string>> => ({ [PARTITION_TAG]: key, ...dimensionTags(partitions, key) });

/** The job that a partition set belongs to. */
export function jobOfPartitionSet(repository: CompiledRepository, name: string): CompiledJob {
  const partitioned = repository.jobs.filter((job) => job.partitionsDef !== undefined);
  const job = partitioned.find((candidate) => partitionSetName(candidate.name) === name);
  if (job !== undefined) return job;
  const names = partitioned.map((candidate) => partitionSetName(candidate.name));
  throw new DefinitionsError(`there is no partition set \`${name}\`${didYouMean(name, names)}`);
}

const runTags = (job: CompiledJob, key: string): Readonly<Record<string, string>> => ({
  ...partitionTags(job.partitionsDef, key),
  "dagster/partition_set": partitionSetName(job.name),
});

const runConfig = (job: CompiledJob, key: string): JsonObject => {
  const config = job.definition?.config;
  return isPartitionedConfig(config) ? config.forPartition(key) : (plainConfig(config) ?? {});
};

export const partitionNames = (keys: readonly string[]): WireObject =>
  wire("ExternalPartitionNamesData", { partition_names: keys });

export const partitionConfig = (job: CompiledJob, key: string): WireObject =>
  wire("ExternalPartitionConfigData", { name: key, run_config: runConfig(job, key) });

export const partitionTagsReply = (job: CompiledJob, key: string): WireObject =>
  wire("ExternalPartitionTagsData", { name: key, tags: runTags(job, key) });

export const partitionSetParams = (job: CompiledJob, keys: readonly string[]): WireObject =>
  wire("ExternalPartitionSetExecutionParamData", {
    partition_data: keys.map((key) =>
      wire("ExternalPartitionExecutionParamData", {
        name: key,
        tags: runTags(job, key),
        run_config: runConfig(job, key),
      }),
    ),
  });

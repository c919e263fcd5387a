import type { PartitionKeyRange } from "../../definitions/execution-context.ts";
import type { PartitionsDefinition } from "../../definitions/partitions.ts";
import { type PartitionStore, partitionKeysInRange } from "./partition-keys.ts";

/** The partitions that a run is about, as its tags and body tell. */
export interface RunPartitions {
  /** The run's only partition, when it has exactly one. */
  readonly key: string | undefined;
  readonly range: PartitionKeyRange | undefined;
}

const PARTITION_TAG = "dagster/partition";
const DIMENSION_PREFIX = "dagster/partition/";
const RANGE_START_TAG = "dagster/asset_partition_range_start";
const RANGE_END_TAG = "dagster/asset_partition_range_end";

export function readRunPartitions(tags: Readonly<Record<string, string>>): RunPartitions {
  const key = multiKey(tags) ?? tags[PARTITION_TAG];
  if (key !== undefined) return { key, range: { start: key, end: key } };
  const start = tags[RANGE_START_TAG];
  const end = tags[RANGE_END_TAG];
  if (start === undefined || end === undefined) return { key: undefined, range: undefined };
  return { key: start === end ? start : undefined, range: { start, end } };
}

/** The host orders the dimensions of a key by their names. */
function multiKey(tags: Readonly<Record<string, string>>): string | undefined {
  const dimensions = Object.keys(tags).filter((tag) => tag.startsWith(DIMENSION_PREFIX));
  if (dimensions.length === 0) return undefined;
  return dimensions
    .sort()
    .map((tag) => tags[tag])
    .join("|");
}

/** Keys of one asset's partitions in this run, in order; undefined when the asset is not partitioned. */
export async function partitionsOf(
  definition: PartitionsDefinition | undefined,
  run: RunPartitions,
  store: PartitionStore,
): Promise<readonly string[] | undefined> {
  if (definition === undefined || run.range === undefined) return undefined;
  if (run.range.start === run.range.end) return [run.range.start];
  return partitionKeysInRange(definition, run.range, store);
}

/** Tags that a materialization of a multi-dimensional partition carries besides its key. */
export function dimensionTags(
  definition: PartitionsDefinition | undefined,
  partition: string | undefined,
): Readonly<Record<string, string>> {
  if (definition?.kind !== "multi" || partition === undefined) return {};
  const names = Object.keys(definition.dimensions).sort();
  const parts = partition.split("|");
  return Object.fromEntries(names.map((name, index) => [`${DIMENSION_PREFIX}${name}`, parts[index] ?? ""]));
}

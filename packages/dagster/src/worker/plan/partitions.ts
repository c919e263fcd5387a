import type { PartitionKeyRange } from "../../definitions/execution-context.ts";
import {
  dimensionsOf,
  type PartitionKeysContext,
  partitionKeysInRange,
} from "../../definitions/partition-keys.ts";
import type { PartitionsDefinition } from "../../definitions/partitions.ts";

/** Where dynamic partitions live. */
export interface PartitionStore {
  dynamicPartitions(name: string): Promise<readonly string[]>;
}

/** The partitions that a run is about, as its tags tell. */
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
  const { start, end } = run.range;
  if (start === end) return [start];
  return partitionKeysInRange(definition, { start, end }, await keysContext([definition], store));
}

/** Reads the dynamic keys that these definitions need, once. */
export async function keysContext(
  definitions: readonly PartitionsDefinition[],
  store: PartitionStore,
): Promise<PartitionKeysContext> {
  const names = new Set(definitions.flatMap(dynamicNames));
  const keys = new Map<string, readonly string[]>();
  for (const name of names) keys.set(name, await store.dynamicPartitions(name));
  return { now: Date.now() / 1000, dynamicKeys: (name) => keys.get(name) ?? [] };
}

function dynamicNames(definition: PartitionsDefinition): readonly string[] {
  if (definition.kind === "dynamic") return [definition.name];
  if (definition.kind !== "multi") return [];
  return dimensionsOf(definition).flatMap(([, dimension]) => dynamicNames(dimension));
}

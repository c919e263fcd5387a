import { AssetKey } from "../definitions/keys.ts";
import { hasPartitionKey, partitionKeys } from "../definitions/partition-keys.ts";
import type { PartitionsDefinition } from "../definitions/partitions.ts";
import type { AssetNode } from "../planning/index.ts";
import { UsageError } from "./program.ts";

const isDynamic = (partitions: PartitionsDefinition): boolean =>
  partitions.kind === "dynamic" ||
  (partitions.kind === "multi" && Object.values(partitions.dimensions).some(isDynamic));

/**
 * Refuses partition keys that an asset does not have: nothing would be wrong with the run, and its result
 * would stand for nothing. Keys of dynamic partitions are known to an instance only, so any will do.
 */
export function checkPartitions(
  assets: readonly AssetNode[],
  keys: readonly string[],
  now: number = Date.now() / 1000,
): void {
  const context = { now, dynamicKeys: () => [] };
  for (const { key: assetKey, partitionsDef } of assets) {
    if (partitionsDef === undefined || isDynamic(partitionsDef)) continue;
    const unknown = keys.find((key) => !hasPartitionKey(partitionsDef, key, context));
    if (unknown === undefined) continue;
    const all = partitionKeys(partitionsDef, context);
    const range = all.length === 0 ? "it has none yet" : `they go from ${all[0]} to ${all.at(-1)}`;
    throw new UsageError(`asset ${AssetKey.toUserString(assetKey)} has no partition "${unknown}"; ${range}`);
  }
}

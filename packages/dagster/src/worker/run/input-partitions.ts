import type { AssetSpec } from "../../definitions/assets.ts";
import { AssetKey } from "../../definitions/keys.ts";
import { type PartitionsDefinition, partitionsId } from "../../definitions/partitions.ts";
import type { AssetGraph } from "../../planning/index.ts";
import { allPartitionKeys, type PartitionStore } from "../plan/partition-keys.ts";
import type { InputPartitions } from "../steps/data-versions.ts";

/** Which partitions of its upstream assets a step reads. */
export function inputPartitions(
  graph: AssetGraph,
  partitionsOf: (spec: AssetSpec) => Promise<readonly string[] | undefined>,
  store: PartitionStore,
): InputPartitions {
  return async (spec, upstreamKey) => {
    const upstream = graph.assetById.get(AssetKey.id(upstreamKey))?.partitionsDef;
    if (upstream === undefined) return undefined;
    const own = await partitionsOf(spec);
    if (own !== undefined && spec.partitionsDef !== undefined && isSame(spec.partitionsDef, upstream))
      return own;
    return allPartitionKeys(upstream, store);
  };
}

const isSame = (a: PartitionsDefinition, b: PartitionsDefinition): boolean =>
  partitionsId(a) === partitionsId(b);

import type { AssetSpec } from "../../definitions/assets.ts";
import { AssetKey } from "../../definitions/keys.ts";
import type { AssetGraph } from "../../planning/index.ts";
import { keysContext, type PartitionStore } from "../plan/partitions.ts";
import { upstreamPartitions } from "../plan/upstream-partitions.ts";
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
    const downstream = spec.partitionsDef;
    const mapping = spec.deps.find((dep) => AssetKey.equals(dep.assetKey, upstreamKey))?.partitionMapping;
    const keys = await partitionsOf(spec);
    const context = await keysContext(downstream === undefined ? [upstream] : [upstream, downstream], store);
    return upstreamPartitions({ mapping, upstream, downstream, keys }, context);
  };
}

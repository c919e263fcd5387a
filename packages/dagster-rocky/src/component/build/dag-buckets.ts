import type { AssetKey, TimeWindowPartitionsDefinition } from "@dagster-rocky/dagster";
import type { Grain } from "../../dispatch/plans.ts";
import { partitionsDefForTimeInterval } from "../../partitions/definitions.ts";
import { grainOf } from "../../partitions/grain.ts";
import type { DagNode } from "../../translator/inputs.ts";
import { tagValue } from "../../translator/tags.ts";
import type { BuildContext } from "./build-context.ts";
import { opName, uniqueNames } from "./names.ts";

export interface DagBucket {
  readonly opName: string;
  readonly nodeKind: string;
  /** The same for each of its assets. */
  readonly kinds: readonly string[];
  readonly tags: Readonly<Record<string, string>>;
  readonly grain?: Grain;
  readonly partitionsDef?: TimeWindowPartitionsDefinition;
  readonly nodes: readonly DagNode[];
}

/** Nodes of one kind and partition set share an op, in the order of the engine's list. */
export function dagBuckets(
  nodes: readonly DagNode[],
  context: BuildContext,
  keyOf: (id: string) => AssetKey,
): readonly DagBucket[] {
  const unique = uniqueNames();
  const buckets = new Map<string, DagBucket & { readonly nodes: DagNode[] }>();
  for (const node of nodes) {
    const shape = node.partitionShape?.granularity;
    const grain = shape === undefined ? undefined : grainOf(shape);
    const partitionsDef = grain && partitionsOf(node, grain, context, keyOf);
    const id = `${node.kind}\u0000${shape ?? ""}\u0000${partitionsDef?.start ?? ""}`;
    let bucket = buckets.get(id);
    if (!bucket) {
      bucket = {
        opName: unique(opName("rocky_dag", node.kind, shape ?? "unpartitioned")),
        nodeKind: node.kind,
        kinds: Object.freeze(["rocky", node.kind]),
        tags: Object.freeze({ "rocky/kind": tagValue(node.kind) }),
        ...(grain ? { grain } : {}),
        ...(partitionsDef ? { partitionsDef } : {}),
        nodes: [],
      };
      buckets.set(id, bucket);
    }
    bucket.nodes.push(node);
  }
  return [...buckets.values()];
}

/** A first partition that cannot be read costs the node its partitions' beginning, not the location. */
function partitionsOf(
  node: DagNode,
  granularity: Grain,
  context: BuildContext,
  keyOf: (id: string) => AssetKey,
): TimeWindowPartitionsDefinition {
  const firstPartition = node.partitionShape?.firstPartition;
  try {
    return partitionsDefForTimeInterval({ granularity, ...(firstPartition ? { firstPartition } : {}) });
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    context.problems.add(
      `Node ${node.id}: first_partition ${reason}. Its partitions begin at the default instead.`,
      keyOf(node.id),
    );
    return partitionsDefForTimeInterval({ granularity });
  }
}

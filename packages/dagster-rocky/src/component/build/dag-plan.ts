import type { AssetSpec } from "@dagster-rocky/dagster";
import type { DagGroupPlan } from "../../dispatch/plans.ts";
import { shownLineage } from "../../lineage/shown-lineage.ts";
import type { DagNode } from "../../translator/inputs.ts";
import type { DagBucket } from "./dag-buckets.ts";

/** The plan of an op, of `ordered` nodes with their specs. What else definitions are made from is not kept for it. */
export const dagPlan =
  (
    bucket: DagBucket,
    ordered: readonly DagNode[],
    specs: readonly AssetSpec[],
    needs: ReadonlyMap<string, readonly string[]>,
    loadsFiles: ReadonlySet<DagNode>,
  ) =>
  (): DagGroupPlan => ({
    kind: "dagGroup",
    opName: bucket.opName,
    nodeKind: bucket.nodeKind,
    ...(bucket.grain ? { grain: bucket.grain } : {}),
    nodes: ordered.flatMap((node, index) => {
      const spec = specs[index];
      if (spec === undefined) return [];
      const columnLineage = shownLineage(spec);
      return {
        key: spec.key,
        nodeId: node.id,
        label: node.label,
        ...(node.pipeline ? { pipeline: node.pipeline } : {}),
        ...(node.target ? { target: node.target } : {}),
        ...(columnLineage ? { columnLineage } : {}),
        ...(loadsFiles.has(node) ? { loadsFiles: true } : {}),
        upstream: (needs.get(node.id) ?? []).filter((id) => needs.has(id)),
      };
    }),
  });

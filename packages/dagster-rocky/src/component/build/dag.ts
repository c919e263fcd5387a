import { AssetKey, type AssetSpec, type AssetsDefinition, MetadataValue } from "@dagster-rocky/dagster";
import { freshnessPolicyFromModel } from "../../checks/freshness-policy.ts";
import { type LineageSource, projectLineage } from "../../lineage/column-lineage.ts";
import { shownLineage } from "../../lineage/shown-lineage.ts";
import type { ShownGraph } from "../../resource/outputs/graph.ts";
import type { DagNode } from "../../translator/inputs.ts";
import { RockyComponentError } from "../component-error.ts";
import { assetsDefinition, type BuildContext } from "./build-context.ts";
import { type DagBucket, dagBuckets } from "./dag-buckets.ts";
import { readsInSql } from "./dag-reads.ts";
import { throughHidden } from "./ephemeral.ts";
import { groupName } from "./names.ts";
import { inDependencyOrder } from "./topological.ts";

/** The engine's graph as assets: one op for each kind of node and partition shape. */
export function dagGroups(context: BuildContext, dag: ShownGraph): readonly AssetsDefinition[] {
  const nodes = new Map(dag.nodes.map((node) => [node.id, node]));
  const keys = nodeKeys(context, dag.nodes.filter(isShown));
  const lookedThrough = (listed: (id: string) => readonly string[]) =>
    throughHidden(
      listed,
      (id) => isEphemeral(nodes.get(id)),
      (id) => keys.has(id),
    );
  const declared = (id: string): readonly string[] => nodes.get(id)?.dependsOn ?? [];
  const inSql = readsInSql(context, dag, nodes, declared);
  const upstream = lookedThrough(declared);
  // What is shown is the engine's graph; what runs in one op also follows the SQL.
  const awaited = lookedThrough((id) => {
    const more = inSql(id);
    return more.length === 0 ? declared(id) : [...declared(id), ...more];
  });
  const lineageOf = dagLineage(context, dag, nodes, keys);
  const keyOf = (id: string): AssetKey => {
    const key = keys.get(id);
    if (!key) throw new RangeError(`node ${id} is not an asset`);
    return key;
  };

  return dagBuckets(
    dag.nodes.filter((node) => keys.has(node.id)),
    context,
    keyOf,
  ).map((bucket) => {
    const inOp = new Set<string>();
    const needs = new Map<DagNode, readonly string[]>();
    for (const node of bucket.nodes) {
      inOp.add(node.id);
      needs.set(node, awaited(node.id));
    }
    const needsOf = (node: DagNode): readonly string[] => needs.get(node) ?? [];
    const ordered = inDependencyOrder(bucket.nodes, (node) => node.id, needsOf);
    const specs = ordered.map((node) =>
      nodeSpec(context, node, keyOf(node.id), bucket, upstream(node.id).map(keyOf), lineageOf),
    );
    const plan = {
      kind: "dagGroup",
      opName: bucket.opName,
      nodeKind: bucket.nodeKind,
      ...(bucket.grain ? { grain: bucket.grain } : {}),
      nodes: ordered.map((node, index) => {
        const columnLineage = shownLineage(specs[index]);
        return {
          key: keyOf(node.id),
          nodeId: node.id,
          label: node.label,
          ...(node.pipeline ? { pipeline: node.pipeline } : {}),
          ...(node.target ? { target: node.target } : {}),
          ...(columnLineage ? { columnLineage } : {}),
          ...(node.kind === "load" && !nodes.has(`source:${node.pipeline}`) ? { loadsFiles: true } : {}),
          upstream: needsOf(node).filter((id) => inOp.has(id)),
        };
      }),
    } as const;
    return assetsDefinition(context, plan, {
      specs,
      canSubset: true,
      tagged: false,
      partitionsDef: bucket.partitionsDef,
    });
  });
}

/** Tests belong to the models they test; ephemeral models are never written. */
const isShown = (node: DagNode): boolean => node.kind !== "test" && !isEphemeral(node);

const isEphemeral = (node: DagNode | undefined): boolean => node?.strategy?.type === "ephemeral";

/** Keys by node id. Two nodes with one key: the first is shown, and `strict_build` refuses. */
function nodeKeys(context: BuildContext, nodes: readonly DagNode[]): ReadonlyMap<string, AssetKey> {
  const { translator, strictBuild } = context.options;
  const owners = new Map<string, DagNode>();
  const keys = new Map<string, AssetKey>();
  for (const node of nodes) {
    const key = translator.getDagNodeAssetKey(node);
    const id = AssetKey.id(key);
    const owner = owners.get(id);
    if (!owner) {
      owners.set(id, node);
      keys.set(node.id, key);
      continue;
    }
    const message =
      `Nodes ${named(owner)} and ${named(node)} have one asset key, ${AssetKey.toUserString(key)}. ` +
      "Give them different targets, or different keys in getDagNodeAssetKey.";
    if (strictBuild) throw new RockyComponentError("KEY_COLLISION", message);
    context.problems.add(`${message} Only ${owner.id} is shown.`, key);
  }
  return keys;
}

const NOTHING: readonly never[] = Object.freeze([]);

const named = (node: DagNode): string => `${node.id} (pipeline ${node.pipeline ?? "none"})`;

function nodeSpec(
  context: BuildContext,
  node: DagNode,
  key: AssetKey,
  bucket: DagBucket,
  deps: readonly AssetKey[],
  lineageOf: ReturnType<typeof dagLineage>,
): AssetSpec {
  const lineage = lineageOf(node);
  const freshnessPolicy = freshnessPolicyFromModel(node.freshness);
  return {
    key,
    deps: deps.length === 0 ? NOTHING : deps.map((assetKey) => ({ assetKey })),
    metadata: {
      "rocky/node_id": MetadataValue.text(node.id),
      "rocky/kind": MetadataValue.text(node.kind),
      ...(node.pipeline ? { "rocky/pipeline": MetadataValue.text(node.pipeline) } : {}),
      ...(lineage ? { "dagster/column_lineage": { kind: "columnLineage", lineage } } : {}),
    },
    groupName: groupName(context.options.translator.getDagGroupName(node)),
    tags: bucket.tags,
    kinds: bucket.kinds,
    owners: NOTHING,
    ...(freshnessPolicy ? { freshnessPolicy } : {}),
    ...(bucket.partitionsDef ? { partitionsDef: bucket.partitionsDef } : {}),
    // What the op body does not make it reports as a failure, node by node.
    skippable: true,
  };
}

/** An edge's source is a model's name; a seed may be read by its name as well. */
function dagLineage(
  context: BuildContext,
  dag: ShownGraph,
  nodes: ReadonlyMap<string, DagNode>,
  keys: ReadonlyMap<string, AssetKey>,
) {
  const sources = new Map<string, LineageSource>();
  // Seeds first: where a name is both, the model is meant.
  for (const kind of ["seed", "transformation"]) {
    for (const node of nodes.values()) {
      if (node.kind !== kind || node.id !== `${kind}:${node.label}`) continue;
      sources.set(node.label, keys.get(node.id) ?? (isEphemeral(node) ? "ephemeral" : undefined));
    }
  }
  const lineage = projectLineage(dag.columnLineage, (name) => sources.get(name));
  const showEmpty = context.options.surfaceColumnLineage;
  return (node: DagNode) => {
    if (node.kind !== "transformation") return undefined;
    const columns = lineage.of(node.label);
    return showEmpty || Object.keys(columns).length > 0 ? columns : undefined;
  };
}

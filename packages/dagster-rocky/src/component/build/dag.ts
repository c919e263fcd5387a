import {
  type AssetDep,
  AssetKey,
  type AssetsDefinition,
  type AssetSpec,
  MetadataValue,
  type TableColumnLineage,
} from "@dagster-rocky/dagster";
import { freshnessPolicyFromModel } from "../../checks/freshness-policy.ts";
import { type LineageSource, projectLineage } from "../../lineage/column-lineage.ts";
import type { ShownGraph } from "../../resource/outputs/graph.ts";
import type { DagNode } from "../../translator/inputs.ts";
import { RockyComponentError } from "../component-error.ts";
import { assetsDefinition, type BuildContext } from "./build-context.ts";
import { type DagBucket, dagBuckets } from "./dag-buckets.ts";
import { dagPlan } from "./dag-plan.ts";
import { isEphemeral, upstreamNodes } from "./dag-reads.ts";
import { groupName } from "./names.ts";
import { inDependencyOrder } from "./topological.ts";

/** The engine's graph as assets: one op for each kind of node and partition shape. */
export function dagGroups(context: BuildContext, dag: ShownGraph): readonly AssetsDefinition[] {
  const nodes = new Map(dag.nodes.map((node) => [node.id, node]));
  const deps = nodeDeps(context, dag.nodes.filter(isShown));
  const { shown, awaited } = upstreamNodes(context, dag, nodes, deps);
  const lineageOf = dagLineage(context, dag, nodes, deps);
  const textOf = sharedTexts();
  const depOf = (id: string): AssetDep => {
    const dep = deps.get(id);
    if (!dep) throw new RangeError(`node ${id} is not an asset`);
    return dep;
  };
  return dagBuckets(
    dag.nodes.filter((node) => deps.has(node.id)),
    context,
    (id) => depOf(id).assetKey,
  ).map((bucket) => {
    const needs = new Map(bucket.nodes.map((node) => [node.id, awaited(node.id)]));
    const ordered = inDependencyOrder(
      bucket.nodes,
      (node) => node.id,
      (node) => needs.get(node.id) ?? NOTHING,
    );
    const specs = ordered.map((node) => {
      const read = shown(node.id);
      return nodeSpec(context, node, bucket, textOf, {
        key: depOf(node.id).assetKey,
        deps: read.length === 0 ? NOTHING : read.map(depOf),
        lineage: lineageOf(node),
      });
    });
    const loadsFiles = ordered.filter(
      (node) => node.kind === "load" && !nodes.has(`source:${node.pipeline}`),
    );
    return assetsDefinition(context, dagPlan(bucket, ordered, specs, needs, new Set(loadsFiles)), {
      opName: bucket.opName,
      specs,
      canSubset: true,
      tagged: false,
      partitionsDef: bucket.partitionsDef,
    });
  });
}

/** One value for each text: many nodes have the same kind and pipeline. */
function sharedTexts(): (text: string) => MetadataValue {
  const known = new Map<string, MetadataValue>();
  return (text) => {
    const value = known.get(text) ?? MetadataValue.text(text);
    known.set(text, value);
    return value;
  };
}

/** Tests belong to the models they test; ephemeral models are never written. */
const isShown = (node: DagNode): boolean => node.kind !== "test" && !isEphemeral(node);

/** A dependency on each node, by id. Two nodes with one key: the first is shown, and `strict_build` refuses. */
function nodeDeps(context: BuildContext, nodes: readonly DagNode[]): ReadonlyMap<string, AssetDep> {
  const { translator, strictBuild } = context.options;
  const owners = new Map<string, DagNode>();
  const deps = new Map<string, AssetDep>();
  for (const node of nodes) {
    const key = translator.getDagNodeAssetKey(node);
    const id = AssetKey.id(key);
    const owner = owners.get(id);
    if (!owner) {
      owners.set(id, node);
      deps.set(node.id, { assetKey: key });
      continue;
    }
    const message =
      `Nodes ${named(owner)} and ${named(node)} have one asset key, ${AssetKey.toUserString(key)}. ` +
      "Give them different targets, or different keys in getDagNodeAssetKey.";
    if (strictBuild) throw new RockyComponentError("KEY_COLLISION", message);
    context.problems.add(`${message} Only ${owner.id} is shown.`, key);
  }
  return deps;
}

const NOTHING: readonly never[] = Object.freeze([]);

const named = (node: DagNode): string => `${node.id} (pipeline ${node.pipeline ?? "none"})`;

/** How a node stands to other assets. */
interface NodeRelations {
  readonly key: AssetKey;
  readonly deps: readonly AssetDep[];
  readonly lineage: TableColumnLineage | undefined;
}

function nodeSpec(
  context: BuildContext,
  node: DagNode,
  bucket: DagBucket,
  textOf: (text: string) => MetadataValue,
  { key, deps, lineage }: NodeRelations,
): AssetSpec {
  const freshnessPolicy = freshnessPolicyFromModel(node.freshness);
  return {
    key,
    deps,
    metadata: {
      "rocky/node_id": MetadataValue.text(node.id),
      "rocky/kind": textOf(node.kind),
      ...(node.pipeline ? { "rocky/pipeline": textOf(node.pipeline) } : {}),
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
  deps: ReadonlyMap<string, AssetDep>,
) {
  const sources = new Map<string, LineageSource>();
  // Seeds first: where a name is both, the model is meant.
  for (const kind of ["seed", "transformation"]) {
    for (const node of nodes.values()) {
      if (node.kind !== kind || node.id !== `${kind}:${node.label}`) continue;
      sources.set(node.label, deps.get(node.id)?.assetKey ?? (isEphemeral(node) ? "ephemeral" : undefined));
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

import type { AssetCheckSpec, AssetDep, AssetSpec } from "../definitions/assets.ts";
import type { Definitions } from "../definitions/definitions.ts";
import { DefinitionsError } from "../definitions/errors.ts";
import { AssetCheckKey, AssetKey } from "../definitions/keys.ts";
import { compareText } from "../wire/index.ts";
import { dependencyKeys, resolveByGroup } from "./dependencies.ts";
import {
  type AssetGraph,
  type AssetNode,
  type CheckNode,
  compareKeys,
  type OpDefinition,
  type OpNode,
  type ParentEdge,
} from "./nodes.ts";
import { opInputs, opOutputs } from "./ports.ts";
import { findCycle, topologicalOrder } from "./toposort.ts";

type Mutable<T> = { -readonly [K in keyof T]: T[K] };
interface AssetDraft extends Mutable<Omit<AssetNode, "parents" | "children" | "checks">> {
  parents: ParentEdge[];
  children: AssetNode[];
  checks: CheckNode[];
}

/** Indexes definitions in one pass. Throws `DefinitionsError` for duplicates and cycles. */
export function buildAssetGraph(definitions: Definitions): AssetGraph {
  const drafts = new Map<string, AssetDraft>();
  const ops: Mutable<OpNode>[] = [];
  const opNames = new Set<string>();

  const addAsset = (spec: AssetSpec, op: OpNode | undefined, isStub: boolean): AssetDraft => {
    const id = AssetKey.id(spec.key);
    if (drafts.has(id)) {
      throw new DefinitionsError(
        `asset \`${AssetKey.toUserString(spec.key)}\` is defined twice; give one of them another key`,
      );
    }
    const opPartitions = op?.definition.partitionsDef;
    const draft: AssetDraft = {
      key: spec.key,
      id,
      spec,
      op,
      isStub,
      partitionsDef: spec.partitionsDef ?? opPartitions,
      parents: [],
      children: [],
      checks: [],
    };
    drafts.set(id, draft);
    return draft;
  };

  const addOp = (definition: OpDefinition): Mutable<OpNode> => {
    if (opNames.has(definition.opName)) {
      throw new DefinitionsError(
        `two ops are named \`${definition.opName}\`; give one of them another name (\`name\` or \`opName\`)`,
      );
    }
    opNames.add(definition.opName);
    const op = { name: definition.opName, definition, assets: [], checks: [], inputs: [], outputs: [] };
    ops.push(op);
    return op;
  };

  for (const definition of definitions.assets) {
    if (definition.kind === "external") {
      addAsset(definition.spec, undefined, false);
      continue;
    }
    const op = addOp(definition);
    op.assets = definition.specs.map((spec) => addAsset(spec, op, false));
  }
  for (const definition of definitions.assetChecks) addOp(definition);

  const assetFor = (key: AssetKey): AssetDraft =>
    drafts.get(AssetKey.id(key)) ?? addAsset(stubSpec(key), undefined, true);

  const byGroup = resolveByGroup([...drafts.values()]);
  for (const draft of [...drafts.values()]) linkParents(draft, assetFor, byGroup);
  const checkById = new Map<string, CheckNode>();
  for (const op of ops) {
    op.checks = op.definition.checkSpecs.map((spec) => addCheck(spec, op, assetFor, checkById));
    op.outputs = opOutputs(op);
    op.inputs = opInputs(op);
  }

  refuseCycles(drafts);
  const assets = [...drafts.values()].sort((a, b) => compareKeys(a.key, b.key));
  for (const asset of assets) asset.checks.sort((a, b) => compareText(a.key.name, b.key.name));
  return {
    assets,
    checks: assets.flatMap((asset) => asset.checks),
    ops,
    assetById: drafts,
    checkById,
  };
}

/** An asset may read other partitions of itself; a longer circle can never run. */
function refuseCycles(assets: ReadonlyMap<string, AssetNode>): void {
  const upstream = new Map<string, ReadonlySet<string>>();
  for (const asset of assets.values()) {
    upstream.set(asset.id, new Set(asset.parents.map((edge) => edge.asset.id)));
  }
  if (topologicalOrder(upstream) !== undefined) return;
  const names = findCycle(upstream).map((id) => AssetKey.toUserString(AssetKey.fromId(id)));
  throw new DefinitionsError(`assets depend on each other in a circle: ${names.join(" -> ")}`);
}

function linkParents(
  child: AssetDraft,
  assetFor: (key: AssetKey) => AssetDraft,
  byGroup: (child: AssetNode, key: AssetKey) => AssetNode | undefined,
): void {
  const edges = new Map<string, ParentEdge>();
  for (const dep of child.spec.deps) {
    const parent = (byGroup(child, dep.assetKey) as AssetDraft | undefined) ?? assetFor(dep.assetKey);
    if (edges.has(parent.id)) continue;
    edges.set(parent.id, edgeTo(parent, dep));
    parent.children.push(child);
  }
  child.parents = [...edges.values()].sort((a, b) => compareKeys(a.asset.key, b.asset.key));
}

const edgeTo = (asset: AssetNode, dep: AssetDep): ParentEdge =>
  dep.partitionMapping === undefined ? { asset } : { asset, partitionMapping: dep.partitionMapping };

function addCheck(
  spec: AssetCheckSpec,
  op: OpNode,
  assetFor: (key: AssetKey) => AssetDraft,
  known: Map<string, CheckNode>,
): CheckNode {
  const id = AssetCheckKey.id(spec.key);
  if (known.has(id)) {
    const asset = AssetKey.toUserString(spec.key.assetKey);
    throw new DefinitionsError(`asset \`${asset}\` has two checks named \`${spec.key.name}\`; rename one`);
  }
  const target = assetFor(spec.key.assetKey);
  const node: CheckNode = {
    key: spec.key,
    id,
    spec,
    asset: target,
    additionalParents: dependencyKeys(spec.additionalDeps).map(assetFor),
    op,
  };
  target.checks.push(node);
  known.set(id, node);
  return node;
}

/** What Dagster shows for an asset that is only named as a dependency. */
function stubSpec(key: AssetKey): AssetSpec {
  return {
    key,
    deps: [],
    metadata: {},
    groupName: "default",
    tags: {},
    kinds: [],
    owners: [],
    skippable: false,
  };
}

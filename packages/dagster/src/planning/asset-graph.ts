import type { AssetCheckSpec, AssetDep, AssetSpec } from "../definitions/assets.ts";
import type { Definitions } from "../definitions/definitions.ts";
import { DefinitionsError } from "../definitions/errors.ts";
import { AssetCheckKey, AssetKey } from "../definitions/keys.ts";
import { sortFew } from "../sort-few.ts";
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
import { findCycle } from "./toposort.ts";

type Mutable<T> = { -readonly [K in keyof T]: T[K] };
interface AssetDraft extends Mutable<Omit<AssetNode, "parents" | "children" | "checks">> {
  parents: readonly ParentEdge[];
  children: readonly AssetNode[];
  checks: readonly CheckNode[];
}

/** Indexes definitions in one pass. Throws `DefinitionsError` for duplicates and cycles. */
export function buildAssetGraph(definitions: Definitions): AssetGraph {
  const drafts = new Map<string, AssetDraft>();
  // A check holds the very key of its asset: no text is made for it again.
  const targets = new Map<AssetKey, AssetDraft>();
  const targetFor = (key: AssetKey): AssetDraft => {
    const known = targets.get(key);
    if (known !== undefined) return known;
    const found = assetFor(key);
    targets.set(key, found);
    return found;
  };
  const ops = new Map<string, Mutable<OpNode>>();
  const assetFor = (key: AssetKey): AssetDraft =>
    drafts.get(AssetKey.id(key)) ?? register(drafts, draftOf(stubSpec(key), undefined, true));
  // What only a check reads besides its asset is not shown as an asset of this location.
  const parentFor = (key: AssetKey): AssetNode =>
    drafts.get(AssetKey.id(key)) ?? draftOf(stubSpec(key), undefined, true);

  for (const definition of definitions.assets) {
    if (definition.kind === "external") {
      register(drafts, draftOf(definition.spec, undefined, false));
      continue;
    }
    const op = addOp(ops, definition);
    op.assets = definition.specs.map((spec) => register(drafts, draftOf(spec, op, false)));
  }
  for (const definition of definitions.assetChecks) addOp(ops, definition);

  const byGroup = resolveByGroup([...drafts.values()]);
  for (const draft of [...drafts.values()]) linkParents(draft, assetFor, byGroup);
  for (const op of ops.values()) {
    op.checks = op.definition.checkSpecs.map((spec) => addCheck(spec, op, targetFor, parentFor));
    op.outputs = opOutputs(op);
    op.inputs = opInputs(op);
  }

  refuseCycles(drafts);
  const assets = [...drafts.values()].sort((a, b) => compareKeys(a.key, b.key));
  for (const asset of assets) sortChecks(asset);
  return {
    assets,
    checks: assets.flatMap((asset) => asset.checks),
    ops: [...ops.values()],
    assetById: drafts,
  };
}

function register(drafts: Map<string, AssetDraft>, draft: AssetDraft): AssetDraft {
  if (drafts.has(draft.id)) {
    throw new DefinitionsError(
      `asset \`${AssetKey.toUserString(draft.key)}\` is defined twice; give one of them another key`,
    );
  }
  drafts.set(draft.id, draft);
  return draft;
}

const NOTHING: readonly never[] = Object.freeze([]);

const draftOf = (spec: AssetSpec, op: OpNode | undefined, isStub: boolean): AssetDraft => ({
  key: spec.key,
  id: AssetKey.id(spec.key),
  spec,
  op,
  isStub,
  partitionsDef: spec.partitionsDef ?? op?.definition.partitionsDef,
  parents: NOTHING,
  // Most assets have neither; the lists are made for the first entry.
  children: NOTHING,
  checks: NOTHING,
});

/** The list with one more entry: the same list, once it is a draft's own. */
const added = <T>(list: readonly T[], entry: T): readonly T[] => {
  if (list === NOTHING) return [entry];
  (list as T[]).push(entry);
  return list;
};

function addOp(ops: Map<string, Mutable<OpNode>>, definition: OpDefinition): Mutable<OpNode> {
  const name = definition.opName;
  if (ops.has(name)) {
    throw new DefinitionsError(
      `two ops are named \`${name}\`; give one of them another name (\`name\` or \`opName\`)`,
    );
  }
  const op: Mutable<OpNode> = {
    name,
    definition,
    assets: [],
    checks: [],
    inputs: [],
    outputs: [],
  };
  ops.set(name, op);
  return op;
}

/** Takes assets away whose parents are gone, until none is left or the rest waits for itself. */
function isAcyclic(assets: ReadonlyMap<string, AssetNode>): boolean {
  const waiting = new Map<AssetNode, number>();
  const ready: AssetNode[] = [];
  for (const asset of assets.values()) {
    let count = asset.parents.length;
    if (asset.parents.some((edge) => edge.asset === asset)) count--;
    if (count === 0) ready.push(asset);
    else waiting.set(asset, count);
  }
  for (let asset = ready.pop(); asset !== undefined; asset = ready.pop()) {
    for (const child of asset.children) {
      if (child === asset) continue;
      const left = (waiting.get(child) ?? 0) - 1;
      if (left > 0) {
        waiting.set(child, left);
        continue;
      }
      waiting.delete(child);
      ready.push(child);
    }
  }
  return waiting.size === 0;
}

/** An asset may read other partitions of itself; a longer circle can never run. */
function refuseCycles(assets: ReadonlyMap<string, AssetNode>): void {
  if (isAcyclic(assets)) return;
  const upstream = new Map<string, ReadonlySet<string>>();
  for (const asset of assets.values()) {
    upstream.set(asset.id, new Set(asset.parents.map((edge) => edge.asset.id)));
  }
  const names = findCycle(upstream).map((id) => AssetKey.toUserString(AssetKey.fromId(id)));
  throw new DefinitionsError(`assets depend on each other in a circle: ${names.join(" -> ")}`);
}

/** Up to here, looking through the list is cheaper than keeping a set. */
const FEW_DEPS = 8;

function linkParents(
  child: AssetDraft,
  assetFor: (key: AssetKey) => AssetDraft,
  byGroup: (child: AssetNode, key: AssetKey) => AssetNode | undefined,
): void {
  const { deps } = child.spec;
  if (deps.length === 0) return;
  const edges: ParentEdge[] = [];
  const known = deps.length > FEW_DEPS ? new Set<AssetNode>() : undefined;
  for (const dep of deps) {
    const parent = (byGroup(child, dep.assetKey) as AssetDraft | undefined) ?? assetFor(dep.assetKey);
    if (known === undefined ? edges.some((edge) => edge.asset === parent) : known.has(parent)) continue;
    known?.add(parent);
    edges.push(edgeTo(parent, dep));
    parent.children = added(parent.children, child);
  }
  child.parents = sortFew(edges, compareParents);
}

const compareParents = (a: ParentEdge, b: ParentEdge): number => compareKeys(a.asset.key, b.asset.key);

const edgeTo = (asset: AssetNode, dep: AssetDep): ParentEdge =>
  dep.partitionMapping === undefined ? { asset } : { asset, partitionMapping: dep.partitionMapping };

/** Its id is rarely asked for, and there may be many more checks than assets. */
class Check implements CheckNode {
  readonly spec: AssetCheckSpec;
  readonly asset: AssetNode;
  readonly additionalParents: readonly AssetNode[];
  readonly op: OpNode;

  constructor(spec: AssetCheckSpec, asset: AssetNode, additionalParents: readonly AssetNode[], op: OpNode) {
    this.spec = spec;
    this.asset = asset;
    this.additionalParents = additionalParents;
    this.op = op;
  }

  get key(): AssetCheckKey {
    return this.spec.key;
  }

  get id(): string {
    return AssetCheckKey.idFrom(this.asset.id, this.spec.key.name);
  }
}

function addCheck(
  spec: AssetCheckSpec,
  op: OpNode,
  targetFor: (key: AssetKey) => AssetDraft,
  parentFor: (key: AssetKey) => AssetNode,
): CheckNode {
  const target = targetFor(spec.key.assetKey);
  const more =
    spec.additionalDeps.length === 0 ? NOTHING : dependencyKeys(spec.additionalDeps).map(parentFor);
  const node = new Check(spec, target, more, op);
  target.checks = added(target.checks, node);
  return node;
}

function sortChecks(asset: AssetDraft): void {
  if (asset.checks.length < 2) return;
  // Longer than one, so the draft's own list.
  const sorted = sortFew(asset.checks as CheckNode[], compareNames);
  for (let i = 1; i < sorted.length; i++) {
    const name = sorted[i]?.key.name;
    if (name !== sorted[i - 1]?.key.name) continue;
    const key = AssetKey.toUserString(asset.key);
    throw new DefinitionsError(`asset \`${key}\` has two checks named \`${name}\`; rename one`);
  }
}

const compareNames = (a: CheckNode, b: CheckNode): number => compareText(a.key.name, b.key.name);

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

import { InvalidSubsetError } from "../definitions/errors.ts";
import { type AssetCheckKey, AssetKey } from "../definitions/keys.ts";
import type { AssetSelection } from "../definitions/selection.ts";
import { compareText } from "../wire/index.ts";
import { didYouMean } from "../text-distance.ts";
import { type AssetGraph, type AssetNode, type CheckNode, isMaterializable } from "./nodes.ts";

/** Assets and checks that something runs. */
export interface EntitySelection {
  readonly assets: ReadonlySet<AssetNode>;
  readonly checks: ReadonlySet<CheckNode>;
}

/** What a selection may hold. As in Dagster, by default what this location makes, not what it only knows. */
type Reach = (asset: AssetNode) => boolean;

/** Resolves a selection. Unknown keys throw `InvalidSubsetError` with the nearest name. */
export function resolveSelection(
  graph: AssetGraph,
  selection: AssetSelection,
  reach: Reach = isMaterializable,
): EntitySelection {
  const resolve = (of: AssetSelection): EntitySelection => resolveSelection(graph, of, reach);
  const matching = (test: (asset: AssetNode) => boolean): EntitySelection =>
    withChecks(graph.assets.filter((asset) => reach(asset) && test(asset)));
  switch (selection.kind) {
    case "all":
      return withChecks(selection.includeSources ? graph.assets : graph.assets.filter(reach));
    case "keys":
      return withChecks(selection.keys.map((key) => requireAsset(graph, key)));
    case "groups": {
      const groups = new Set(selection.groups);
      return matching((asset) => groups.has(asset.spec.groupName));
    }
    case "keyPrefixes":
      return matching((asset) => selection.prefixes.some((prefix) => startsWith(asset.key, prefix)));
    case "keyPattern": {
      const { pattern } = selection;
      if (!pattern.includes("*")) return withChecks(assetsNamed(graph, pattern).filter(reach));
      const shape = wildcard(pattern);
      return matching((asset) => shape.test(AssetKey.toUserString(asset.key)));
    }
    case "groupPattern": {
      const pattern = wildcard(selection.pattern);
      return matching((asset) => pattern.test(asset.spec.groupName));
    }
    case "tag":
      return matching((asset) => asset.spec.tags[selection.key] === selection.value);
    case "assetKind": {
      const { name } = selection;
      return matching(({ spec }) => (name === null ? spec.kinds.length === 0 : spec.kinds.includes(name)));
    }
    case "owner":
      return matching((asset) => asset.spec.owners.includes(selection.owner));
    case "roots":
      return ends(resolve(selection.of), parentsOf);
    case "sinks":
      return ends(resolve(selection.of), childrenOf);
    case "upstream":
      // As in Dagster, what is upstream ends where this location makes nothing; downstream keeps where it began.
      return withChecks(
        [...walk(resolve(selection.of).assets, selection.depth, parentsOf, reach)].filter(isMaterializable),
      );
    case "downstream":
      return withChecks(walk(resolve(selection.of).assets, selection.depth, childrenOf, reach));
    case "union":
      return unite(selection.operands.map(resolve));
    case "intersection": {
      const [first, ...rest] = selection.operands.map(resolve);
      return rest.reduce(intersect, first ?? NOTHING);
    }
    case "difference":
      return subtract(resolve(selection.from), resolve(selection.minus));
    case "allChecks":
      return { assets: new Set(), checks: new Set(graph.checks) };
    case "checks":
      return {
        assets: new Set(),
        checks: new Set(selection.checks.map((key) => requireCheck(graph, key))),
      };
    default:
      return selection satisfies never;
  }
}

const NOTHING: EntitySelection = { assets: new Set(), checks: new Set() };

export function withChecks(assets: Iterable<AssetNode>): EntitySelection {
  const selected = new Set(assets);
  const checks = new Set<CheckNode>();
  for (const asset of selected) for (const check of asset.checks) checks.add(check);
  return { assets: selected, checks };
}

const parentsOf = (asset: AssetNode): readonly AssetNode[] => asset.parents.map((edge) => edge.asset);

const childrenOf = (asset: AssetNode): readonly AssetNode[] => asset.children;

const wildcard = (pattern: string): RegExp =>
  new RegExp(`^${pattern.replaceAll(/[\\^$.|?+()[\]{}]/g, "\\$&").replaceAll("*", ".*")}$`, "s");

/** A selection as text may name thousands of keys one by one. */
function assetsNamed(graph: AssetGraph, text: string): readonly AssetNode[] {
  const known = textIndexes.get(graph) ?? textIndex(graph);
  textIndexes.set(graph, known);
  return known.get(text) ?? [];
}

type TextIndex = ReadonlyMap<string, readonly AssetNode[]>;
const textIndexes = new WeakMap<AssetGraph, TextIndex>();

function textIndex({ assets }: AssetGraph): TextIndex {
  const index = new Map<string, AssetNode[]>();
  for (const asset of assets) {
    const text = AssetKey.toUserString(asset.key);
    const same = index.get(text);
    if (same === undefined) index.set(text, [asset]);
    else same.push(asset);
  }
  return index;
}

function ends(
  { assets }: EntitySelection,
  next: (asset: AssetNode) => readonly AssetNode[],
): EntitySelection {
  return withChecks(
    [...assets].filter((asset) => !next(asset).some((one) => one !== asset && assets.has(one))),
  );
}

const startsWith = (key: AssetKey, prefix: readonly string[]): boolean =>
  prefix.length <= key.path.length && prefix.every((part, i) => key.path[i] === part);

function walk(
  from: ReadonlySet<AssetNode>,
  depth: number | null,
  next: (asset: AssetNode) => readonly AssetNode[],
  reach: Reach,
): ReadonlySet<AssetNode> {
  const found = new Set(from);
  let frontier: readonly AssetNode[] = [...from];
  for (let step = 0; frontier.length > 0 && (depth === null || step < depth); step++) {
    const reached: AssetNode[] = [];
    for (const asset of frontier) {
      for (const neighbor of next(asset)) {
        // What this location does not make cannot be run, so a selection never grows over it.
        if (found.has(neighbor) || !reach(neighbor)) continue;
        found.add(neighbor);
        reached.push(neighbor);
      }
    }
    frontier = reached;
  }
  return found;
}

function unite(selections: readonly EntitySelection[]): EntitySelection {
  const assets = new Set<AssetNode>();
  const checks = new Set<CheckNode>();
  for (const selection of selections) {
    for (const asset of selection.assets) assets.add(asset);
    for (const check of selection.checks) checks.add(check);
  }
  return { assets, checks };
}
const intersect = (a: EntitySelection, b: EntitySelection): EntitySelection => ({
  assets: new Set([...a.assets].filter((asset) => b.assets.has(asset))),
  checks: new Set([...a.checks].filter((check) => b.checks.has(check))),
});
const subtract = (a: EntitySelection, b: EntitySelection): EntitySelection => ({
  assets: new Set([...a.assets].filter((asset) => !b.assets.has(asset))),
  checks: new Set([...a.checks].filter((check) => !b.checks.has(check))),
});

export function requireAsset(graph: AssetGraph, key: AssetKey): AssetNode {
  const asset = graph.assetById.get(AssetKey.id(key));
  if (asset !== undefined) return asset;
  const name = AssetKey.toUserString(key);
  const known = graph.assets.map((node) => AssetKey.toUserString(node.key));
  throw new InvalidSubsetError(
    `asset \`${name}\` was selected, but this code location has no such asset${didYouMean(name, known)}`,
  );
}

export function requireCheck(graph: AssetGraph, key: AssetCheckKey): CheckNode {
  const check = findCheck(graph, key);
  if (check !== undefined) return check;
  const asset = AssetKey.toUserString(key.assetKey);
  const known = graph.assetById.get(AssetKey.id(key.assetKey))?.checks.map((node) => node.key.name) ?? [];
  throw new InvalidSubsetError(
    `check \`${key.name}\` of asset \`${asset}\` was selected, but this code location has no such check` +
      didYouMean(key.name, known),
  );
}

export function findCheck(graph: AssetGraph, { assetKey, name }: AssetCheckKey): CheckNode | undefined {
  const checks = graph.assetById.get(AssetKey.id(assetKey))?.checks ?? [];
  // Checks of an asset are ordered by name.
  let from = 0;
  let to = checks.length;
  while (from < to) {
    const middle = (from + to) >>> 1;
    const order = compareText(checks[middle]?.key.name ?? "", name);
    if (order === 0) return checks[middle];
    if (order < 0) from = middle + 1;
    else to = middle;
  }
  return undefined;
}

import type { AssetDep } from "../definitions/assets.ts";
import { AssetKey } from "../definitions/keys.ts";
import type { AssetNode } from "./nodes.ts";

/** Distinct upstream keys in order of first mention. */
export function dependencyKeys(deps: readonly AssetDep[]): readonly AssetKey[] {
  const found = new Map<string, AssetKey>();
  for (const dep of deps) {
    const id = AssetKey.id(dep.assetKey);
    if (!found.has(id)) found.set(id, dep.assetKey);
  }
  return [...found.values()];
}

/**
 * Dagster lets a dependency name an asset of the same group by its last segment alone, when no asset has
 * exactly that key and the match is unambiguous.
 */
export function resolveByGroup(
  assets: readonly AssetNode[],
): (child: AssetNode, key: AssetKey) => AssetNode | undefined {
  let index:
    | { exact: ReadonlySet<string>; byGroup: ReadonlyMap<string, AssetNode | "ambiguous"> }
    | undefined;
  return (child, key) => {
    if (key.path.length !== 1) return undefined;
    index ??= { exact: new Set(assets.map((asset) => asset.id)), byGroup: indexByGroup(assets) };
    if (index.exact.has(AssetKey.id(key))) return undefined;
    const match = index.byGroup.get(`${child.spec.groupName}\n${key.path[0]}`);
    if (match === undefined || match === "ambiguous") return undefined;
    const isOwn = match === child || (match.op !== undefined && match.op === child.op);
    return isOwn ? undefined : match;
  };
}

function indexByGroup(assets: readonly AssetNode[]): ReadonlyMap<string, AssetNode | "ambiguous"> {
  const found = new Map<string, AssetNode | "ambiguous">();
  for (const asset of assets) {
    const name = `${asset.spec.groupName}\n${asset.key.path.at(-1)}`;
    found.set(name, found.has(name) ? "ambiguous" : asset);
  }
  return found;
}

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
  const exact = new Set(assets.map((asset) => asset.id));
  const byGroupAndName = new Map<string, AssetNode | "ambiguous">();
  for (const asset of assets) {
    const name = `${asset.spec.groupName}\n${asset.key.path.at(-1)}`;
    byGroupAndName.set(name, byGroupAndName.has(name) ? "ambiguous" : asset);
  }
  return (child, key) => {
    if (key.path.length !== 1 || exact.has(AssetKey.id(key))) return undefined;
    const match = byGroupAndName.get(`${child.spec.groupName}\n${key.path[0]}`);
    if (match === undefined || match === "ambiguous") return undefined;
    const isOwn = match === child || (match.op !== undefined && match.op === child.op);
    return isOwn ? undefined : match;
  };
}

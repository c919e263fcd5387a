import { type AssetCheckKey, AssetKey, type AssetKeyLike } from "./keys.ts";

/** Which assets a job, schedule or sensor is about. */
export type AssetSelection =
  | { readonly kind: "all"; readonly includeSources?: boolean }
  | { readonly kind: "keys"; readonly keys: readonly AssetKey[] }
  | { readonly kind: "groups"; readonly groups: readonly string[] }
  | { readonly kind: "keyPrefixes"; readonly prefixes: readonly (readonly string[])[] }
  | { readonly kind: "tag"; readonly key: string; readonly value: string }
  | { readonly kind: "assetKind"; readonly name: string }
  | { readonly kind: "owner"; readonly owner: string }
  | { readonly kind: "upstream" | "downstream"; readonly of: AssetSelection; readonly depth: number | null }
  | { readonly kind: "union" | "intersection"; readonly operands: readonly AssetSelection[] }
  | { readonly kind: "difference"; readonly from: AssetSelection; readonly minus: AssetSelection }
  | { readonly kind: "allChecks" }
  | { readonly kind: "checks"; readonly checks: readonly AssetCheckKey[] };

/**
 * Builders of selections. A selection of assets includes the checks of these assets, except where
 * `difference(selection, allChecks())` takes them out.
 */
export const AssetSelection = {
  /** Every asset that this code location makes. */
  all: (): AssetSelection => ({ kind: "all" }),
  keys: (...keys: AssetKeyLike[]): AssetSelection => ({ kind: "keys", keys: keys.map(AssetKey.from) }),
  groups: (...groups: string[]): AssetSelection => ({ kind: "groups", groups }),
  keyPrefixes: (...prefixes: (string | readonly string[])[]): AssetSelection => ({
    kind: "keyPrefixes",
    prefixes: prefixes.map((prefix) => (typeof prefix === "string" ? prefix.split("/") : prefix)),
  }),
  tag: (key: string, value: string): AssetSelection => ({ kind: "tag", key, value }),
  assetKind: (name: string): AssetSelection => ({ kind: "assetKind", name }),
  owner: (owner: string): AssetSelection => ({ kind: "owner", owner }),
  /** The selection and what it is made from; `depth` limits the number of steps. */
  upstream: (of: AssetSelection, depth: number | null = null): AssetSelection => ({
    kind: "upstream",
    of,
    depth,
  }),
  downstream: (of: AssetSelection, depth: number | null = null): AssetSelection => ({
    kind: "downstream",
    of,
    depth,
  }),
  union: (...operands: AssetSelection[]): AssetSelection => ({ kind: "union", operands }),
  intersection: (...operands: AssetSelection[]): AssetSelection => ({ kind: "intersection", operands }),
  difference: (from: AssetSelection, minus: AssetSelection): AssetSelection => ({
    kind: "difference",
    from,
    minus,
  }),
  allChecks: (): AssetSelection => ({ kind: "allChecks" }),
  checks: (...checks: AssetCheckKey[]): AssetSelection => ({ kind: "checks", checks }),
} as const;

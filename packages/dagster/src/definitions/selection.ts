import { type AssetRef, keysOf } from "./asset-ref.ts";
import type { AssetCheckKey, AssetKey } from "./keys.ts";
import { parseSelection } from "./selection-text.ts";

/** Which assets a job, schedule or sensor is about. */
export type AssetSelection =
  | { readonly kind: "all"; readonly includeSources?: boolean }
  | { readonly kind: "keys"; readonly keys: readonly AssetKey[] }
  | { readonly kind: "groups"; readonly groups: readonly string[] }
  | { readonly kind: "keyPrefixes"; readonly prefixes: readonly (readonly string[])[] }
  | { readonly kind: "tag"; readonly key: string; readonly value: string }
  /** Null: assets without a kind. */
  | { readonly kind: "assetKind"; readonly name: string | null }
  /** `*` stands for any text of a key such as `a/b`, or of a group. */
  | { readonly kind: "keyPattern" | "groupPattern"; readonly pattern: string }
  /** Those of the selection that read none, or are read by none, of it. */
  | { readonly kind: "roots" | "sinks"; readonly of: AssetSelection }
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
  keys: (...assets: AssetRef[]): AssetSelection => ({ kind: "keys", keys: assets.flatMap(keysOf) }),
  groups: (...groups: string[]): AssetSelection => ({ kind: "groups", groups }),
  keyPrefixes: (...prefixes: (string | readonly string[])[]): AssetSelection => ({
    kind: "keyPrefixes",
    prefixes: prefixes.map((prefix) => (typeof prefix === "string" ? prefix.split("/") : prefix)),
  }),
  tag: (key: string, value: string): AssetSelection => ({ kind: "tag", key, value }),
  assetKind: (name: string): AssetSelection => ({ kind: "assetKind", name }),
  owner: (owner: string): AssetSelection => ({ kind: "owner", owner }),
  /** `*` stands for any text: `mart/*`. */
  keyPattern: (pattern: string): AssetSelection => ({ kind: "keyPattern", pattern }),
  roots: (of: AssetSelection): AssetSelection => ({ kind: "roots", of }),
  sinks: (of: AssetSelection): AssetSelection => ({ kind: "sinks", of }),
  /**
   * Reads a selection as the UI writes it: `key:"a/b"+1 and not (group:old or tag:tier=cold)`. Throws
   * `DefinitionsError`.
   */
  parse: (text: string): AssetSelection => parseSelection(text),
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

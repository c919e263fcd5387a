import type { AssetSpec } from "./assets.ts";
import { DefinitionsError } from "./errors.ts";
import { AssetKey, type AssetKeyLike } from "./keys.ts";

/** Anything that stands for an asset: its key in any form, its spec, or what `asset` and its like return. */
export type AssetRef =
  | AssetKeyLike
  | AssetSpec
  | { readonly kind: "assets"; readonly specs: readonly AssetSpec[] }
  | { readonly kind: "external"; readonly spec: AssetSpec };

const isPath = (ref: AssetRef): ref is readonly string[] => Array.isArray(ref);

/** The keys that it stands for: several for an op that makes several assets. */
export function keysOf(ref: AssetRef): readonly AssetKey[] {
  if (typeof ref === "string" || isPath(ref) || "path" in ref) return [AssetKey.from(ref)];
  if ("specs" in ref) return ref.specs.map((spec) => spec.key);
  return ["spec" in ref ? ref.spec.key : ref.key];
}

/** The one key that it stands for. `where` says who asks, for the message. */
export function keyOf(ref: AssetRef, where: string): AssetKey {
  const [only, ...more] = keysOf(ref);
  if (only !== undefined && more.length === 0) return only;
  throw new DefinitionsError(
    `${where}: an op that makes several assets stands here for one; name one of their keys`,
  );
}

import { AssetCheckKey, AssetKey } from "../definitions/keys.ts";
import { asObject, type Json, readItems, readText } from "../wire/index.ts";

/** An asset key as the host sends it. Throws `WireReadError`. */
export function readAssetKey(value: Json | undefined): AssetKey {
  const path = readItems(asObject(value, "AssetKey").path) ?? [];
  return AssetKey.of(...path.map((part) => readText(part) ?? ""));
}

export function readAssetCheckKey(value: Json | undefined): AssetCheckKey {
  const fields = asObject(value, "AssetCheckKey");
  return AssetCheckKey.of(readAssetKey(fields.asset_key), readText(fields.name) ?? "");
}

/** A list or set of asset keys; undefined for null. */
export const readAssetKeys = (value: Json | undefined): readonly AssetKey[] | undefined =>
  readItems(value)?.map(readAssetKey);

export const readAssetCheckKeys = (value: Json | undefined): readonly AssetCheckKey[] | undefined =>
  readItems(value)?.map(readAssetCheckKey);

import type { AssetCheckKey, AssetKey } from "../definitions/keys.ts";
import { type WireObject, wire } from "../wire/index.ts";

export const assetKey = (key: AssetKey): WireObject => wire("AssetKey", { path: key.path });

export const assetCheckKey = (key: AssetCheckKey): WireObject =>
  wire("AssetCheckKey", { asset_key: assetKey(key.assetKey), name: key.name });

import type { AssetCheckKey, AssetKey } from "../definitions/keys.ts";
import { type WireFilled, type WireObject, wire, wireTemplate } from "../wire/index.ts";

export const assetKey = (key: AssetKey): WireObject => wire("AssetKey", { path: key.path });

export const assetCheckKey = (key: AssetCheckKey): WireObject =>
  wire("AssetCheckKey", { asset_key: assetKey(key.assetKey), name: key.name });

/** A key in a document that holds thousands. */
export const keyTemplate = wireTemplate("AssetKey", ["path"]);

export const filledKey = ({ path }: AssetKey): WireFilled => keyTemplate({ path });

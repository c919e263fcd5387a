import type { AssetSelection } from "../definitions/selection.ts";
import { type WireObject, wire } from "../wire/index.ts";
import { assetCheckKey, assetKey } from "./keys.ts";

/** A selection in the host's own classes, so that the UI can show and resolve it. */
export function assetSelection(selection: AssetSelection): WireObject {
  switch (selection.kind) {
    case "all":
      return wire("AllSelection", { include_sources: selection.includeSources ?? false });
    case "keys":
      return wire("KeysAssetSelection", { selected_keys: selection.keys.map(assetKey) });
    case "groups":
      return wire("GroupsAssetSelection", { selected_groups: selection.groups, include_sources: false });
    case "keyPrefixes":
      return wire("KeyPrefixesAssetSelection", {
        selected_key_prefixes: selection.prefixes,
        include_sources: false,
      });
    case "tag":
      return wire("TagAssetSelection", {
        key: selection.key,
        value: selection.value,
        include_sources: false,
      });
    case "assetKind":
      return wire("KindAssetSelection", { kind_str: selection.name, include_sources: false });
    case "owner":
      return wire("OwnerAssetSelection", { selected_owner: selection.owner });
    case "keyPattern":
      return wire("KeyWildCardAssetSelection", { selected_key_wildcard: selection.pattern });
    case "groupPattern":
      return wire("GroupWildCardAssetSelection", {
        selected_group_wildcard: selection.pattern,
        include_sources: false,
      });
    case "roots":
      return wire("RootsAssetSelection", { child: assetSelection(selection.of) });
    case "sinks":
      return wire("SinksAssetSelection", { child: assetSelection(selection.of) });
    case "upstream":
    case "downstream":
      return wire(selection.kind === "upstream" ? "UpstreamAssetSelection" : "DownstreamAssetSelection", {
        child: assetSelection(selection.of),
        depth: selection.depth,
        include_self: true,
      });
    case "union":
      return wire("OrAssetSelection", { operands: selection.operands.map(assetSelection) });
    case "intersection":
      return wire("AndAssetSelection", { operands: selection.operands.map(assetSelection) });
    case "difference":
      return wire("SubtractAssetSelection", {
        left: assetSelection(selection.from),
        right: assetSelection(selection.minus),
      });
    case "allChecks":
      return wire("AllAssetCheckSelection", {});
    case "checks":
      return wire("AssetCheckKeysSelection", {
        selected_asset_check_keys: selection.checks.map(assetCheckKey),
      });
    default:
      return selection satisfies never;
  }
}

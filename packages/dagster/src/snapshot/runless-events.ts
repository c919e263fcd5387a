import type { AssetEvent } from "../definitions/events.ts";
import { AssetCheckKey, AssetKey } from "../definitions/keys.ts";
import { type CompiledRepository, findCheck } from "../planning/index.ts";
import { type WireObject, wire, wireEnum } from "../wire/index.ts";
import { assetKey } from "./keys.ts";
import { metadataEntries, metadataMapping } from "./metadata.ts";
import { dimensionTags } from "./partition-replies.ts";

/** An event that belongs to no run, as the host takes it from a sensor's tick. */
export function runlessEvent(repository: CompiledRepository, event: AssetEvent): WireObject {
  switch (event.kind) {
    case "materialize":
      return wire("AssetMaterialization", assetFields(repository, event));
    case "observe":
      return wire("AssetObservation", assetFields(repository, event));
    case "check": {
      const key = AssetCheckKey.of(event.assetKey, event.checkName);
      return wire("AssetCheckEvaluation", {
        asset_key: assetKey(event.assetKey),
        check_name: event.checkName,
        success: event.passed,
        metadata: metadataMapping(event.metadata),
        target_materialization_data: null,
        severity: wireEnum("AssetCheckSeverity", event.severity),
        description: event.description ?? null,
        blocking: findCheck(repository.assetGraph, key)?.spec.blocking ?? false,
        partition: event.partition ?? null,
      });
    }
    default:
      return event satisfies never;
  }
}

function assetFields(repository: CompiledRepository, event: Exclude<AssetEvent, { kind: "check" }>) {
  const partitions = repository.assetGraph.assetById.get(AssetKey.id(event.assetKey))?.partitionsDef;
  return {
    asset_key: assetKey(event.assetKey),
    description: event.description ?? null,
    metadata_entries: metadataEntries(event.metadata),
    partition: event.partition ?? null,
    tags: { ...event.tags, ...versionTags(event.dataVersion), ...dimensionTags(partitions, event.partition) },
  };
}

const versionTags = (version: string | undefined): Readonly<Record<string, string>> =>
  version === undefined
    ? {}
    : { "dagster/data_version": version, "dagster/data_version_is_user_provided": "true" };

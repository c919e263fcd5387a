import {
  AssetKey,
  type AssetSpec,
  coerceMetadata,
  type FreshnessPolicy,
  type RawMetadataValue,
} from "@dagster-rocky/dagster";
import { freshnessPolicyFromChecks, perModelFreshnessPolicies } from "../../checks/freshness-policy.ts";
import type { DiscoveredSource, DiscoveredTable } from "../../translator/inputs.ts";
import type { BuildContext } from "./build-context.ts";
import { groupName } from "./names.ts";

/** Makes the specs of replicated tables; one per build, because it looks up policies once. */
export function sourceSpecs(context: BuildContext) {
  const { translator, translation } = context.options;
  const ofPipeline = freshnessPolicyFromChecks(context.state.discover.checks);
  const ofModel = perModelFreshnessPolicies(context.state.compile?.modelsDetail ?? []);

  return (source: DiscoveredSource, table: DiscoveredTable, group: string): AssetSpec => {
    const deps = translator.getAssetDeps(source, table);
    const metadata: Record<string, RawMetadataValue> = {
      ...translator.getMetadata(source, table),
      ...(deps.length > 0 ? { "rocky/upstream_keys": deps.map(AssetKey.toUserString).join(", ") } : {}),
      "dagster-rocky/source_id": source.id,
      "dagster-rocky/source_type": source.sourceType,
    };
    const freshness: FreshnessPolicy | undefined = ofModel.get(table.name) ?? ofPipeline;
    const spec: AssetSpec = {
      key: translator.getAssetKey(source, table),
      deps: deps.map((assetKey) => ({ assetKey })),
      metadata: coerceMetadata(metadata),
      groupName: groupName(group),
      tags: translator.getTags(source, table),
      kinds: ["rocky", source.sourceType],
      owners: [],
      ...(freshness ? { freshnessPolicy: freshness } : {}),
      // A table that did not change since its last copy is left out by the engine and need not be yielded.
      skippable: true,
    };
    if (!translation) return spec;
    const translated = translation(spec, {
      sourceId: source.id,
      sourceType: source.sourceType,
      groupName: group,
      tableName: table.name,
      rowCount: table.rowCount,
    });
    return { ...translated, groupName: groupName(translated.groupName) };
  };
}

/** The engine's own name of a table: source type, component values (lists element by element), table. */
export function nativePath(source: DiscoveredSource, table: string): readonly string[] {
  return [source.sourceType, ...Object.values(source.components).flat(), table];
}

/** `key=value` of the first component with a single value. */
export function sourceFilter(source: DiscoveredSource): string | undefined {
  for (const [name, value] of Object.entries(source.components)) {
    if (typeof value === "string") return `${name}=${value}`;
  }
  return undefined;
}

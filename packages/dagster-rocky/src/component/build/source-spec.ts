import {
  AssetKey,
  type AssetSpec,
  coerceMetadata,
  type FreshnessPolicy,
  MetadataValue,
} from "@dagster-rocky/dagster";
import { freshnessPolicyFromChecks, perModelFreshnessPolicies } from "../../checks/freshness-policy.ts";
import type { DiscoveredSource, DiscoveredTable } from "../../translator/inputs.ts";
import type { BuildContext } from "./build-context.ts";
import { groupName } from "./names.ts";

const NOTHING: readonly never[] = Object.freeze([]);

/** Makes the specs of replicated tables; one per build, because it looks up policies once. */
export function sourceSpecs(context: BuildContext) {
  const { translator, translation } = context.options;
  const ofPipeline = freshnessPolicyFromChecks(context.state.discover.checks);
  const ofModel = perModelFreshnessPolicies(context.state.compile?.modelsDetail ?? []);

  const kinds = new Map<string, readonly string[]>();
  const kindsOf = (sourceType: string): readonly string[] => {
    const known = kinds.get(sourceType) ?? Object.freeze(["rocky", sourceType]);
    kinds.set(sourceType, known);
    return known;
  };

  // The tables of a source mostly have the same tags: one record for all of them.
  let tags: Readonly<Record<string, string>> = {};

  return (source: DiscoveredSource, table: DiscoveredTable, group: string): AssetSpec => {
    const deps = translator.getAssetDeps(source, table);
    const metadata = coerceMetadata(translator.getMetadata(source, table)) as Record<string, MetadataValue>;
    if (deps.length > 0) {
      metadata["rocky/upstream_keys"] = MetadataValue.text(deps.map(AssetKey.toUserString).join(", "));
    }
    metadata["dagster-rocky/source_id"] = MetadataValue.text(source.id);
    metadata["dagster-rocky/source_type"] = MetadataValue.text(source.sourceType);
    const given = translator.getTags(source, table);
    if (!areSame(tags, given)) tags = given;
    const freshness: FreshnessPolicy | undefined = ofModel.get(table.name) ?? ofPipeline;
    const spec: AssetSpec = {
      key: translator.getAssetKey(source, table),
      deps: deps.length === 0 ? NOTHING : deps.map((assetKey) => ({ assetKey })),
      metadata,
      groupName: groupName(group),
      tags,
      kinds: kindsOf(source.sourceType),
      owners: NOTHING,
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

function areSame(a: Readonly<Record<string, string>>, b: Readonly<Record<string, string>>): boolean {
  const keys = Object.keys(a);
  return keys.length === Object.keys(b).length && keys.every((key) => a[key] === b[key]);
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

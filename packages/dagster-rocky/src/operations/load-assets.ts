import { type AssetSpec, coerceMetadata } from "@dagster-rocky/dagster";
import { freshnessPolicyFromChecks } from "../checks/freshness-policy.ts";
import { groupName } from "../component/build/names.ts";
import type { RockyResource } from "../resource/rocky-resource.ts";
import { RockyDagsterTranslator } from "../translator/translator.ts";

/**
 * Specs of everything that the engine discovers now, for locations without the component. Each call is an
 * engine call: in a code location the component, which keeps what it found, is the better choice.
 */
export async function loadRockyAssets(
  rocky: Pick<RockyResource, "discover">,
  translator: RockyDagsterTranslator = new RockyDagsterTranslator(),
): Promise<readonly AssetSpec[]> {
  const discovered = await rocky.discover();
  const freshnessPolicy = freshnessPolicyFromChecks(discovered.checks);
  return discovered.sources.flatMap((source) =>
    source.tables.map((table) => ({
      key: translator.getAssetKey(source, table),
      deps: [],
      metadata: coerceMetadata(translator.getMetadata(source, table)),
      groupName: groupName(translator.getGroupName(source)),
      tags: translator.getTags(source, table),
      kinds: [],
      owners: [],
      ...(freshnessPolicy ? { freshnessPolicy } : {}),
      skippable: false,
    })),
  );
}

import { type AssetSpec, type AssetsDefinition, type Metadata, MetadataValue } from "@dagster-rocky/dagster";
import type { OptimizeOutput } from "../../resource/outputs/reports.ts";

type Recommendation = OptimizeOutput["recommendations"][number];

/** What the engine recommends, by model name. */
export function optimizeMetadata(optimize: OptimizeOutput | undefined): ReadonlyMap<string, Metadata> {
  return new Map((optimize?.recommendations ?? []).map((item) => [item.modelName, metadataOf(item)]));
}

function metadataOf(item: Recommendation): Metadata {
  const metadata: Record<string, MetadataValue> = {};
  const text = (key: string, value: string | undefined) => {
    if (value !== undefined) metadata[key] = MetadataValue.text(value);
  };
  text("rocky/current_strategy", item.currentStrategy);
  text("rocky/recommended_strategy", item.recommendedStrategy);
  if (item.estimatedMonthlySavings !== undefined) {
    metadata["rocky/estimated_monthly_savings"] = { kind: "float", value: item.estimatedMonthlySavings };
  }
  text("rocky/optimize_reasoning", item.reasoning);
  return metadata;
}

/**
 * Adds recommendations to source assets. The engine names a table without its source, so where several
 * assets end in that name only the last one is annotated: the others would be told of a table that is
 * not theirs as well, and this is the one that Python annotates.
 */
export function annotateSources(
  definitions: readonly AssetsDefinition[],
  byModel: ReadonlyMap<string, Metadata>,
): readonly AssetsDefinition[] {
  if (byModel.size === 0) return definitions;
  const lastOfLeaf = new Map<string, AssetSpec>();
  for (const definition of definitions) {
    for (const spec of definition.specs) lastOfLeaf.set(spec.key.path.at(-1) ?? "", spec);
  }
  const annotate = (spec: AssetSpec): AssetSpec => {
    const leaf = spec.key.path.at(-1) ?? "";
    const found = byModel.get(leaf);
    if (!found || lastOfLeaf.get(leaf) !== spec) return spec;
    return { ...spec, metadata: { ...spec.metadata, ...found } };
  };
  return definitions.map((definition) => ({ ...definition, specs: definition.specs.map(annotate) }));
}

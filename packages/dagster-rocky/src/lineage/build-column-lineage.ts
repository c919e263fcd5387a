import { AssetKey, type TableColumnLineage } from "@dagster-rocky/dagster";
import type { ModelLineageOutput } from "../resource/outputs/graph.ts";
import { projectLineage } from "./column-lineage.ts";

/**
 * Lineage of one model as `RockyResource.lineage(model)` reports it. `keyOf` names the asset of a model or
 * table and leaves out what has none; by default every name is a key of one segment.
 */
export function buildColumnLineage(
  lineage: ModelLineageOutput,
  keyOf: (model: string) => AssetKey | undefined = (model) => AssetKey.of(model),
): TableColumnLineage {
  const keys = new Map<string, AssetKey | undefined>();
  const resolve = (name: string): AssetKey | undefined => {
    if (!keys.has(name)) keys.set(name, keyOf(name));
    return keys.get(name);
  };
  return projectLineage(lineage.edges, resolve).of(lineage.model);
}

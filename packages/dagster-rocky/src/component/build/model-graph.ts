import type { AssetKey, TableColumnLineage } from "@dagster-rocky/dagster";
import { projectLineage } from "../../lineage/column-lineage.ts";
import type { ModelDetail } from "../../translator/inputs.ts";
import type { BuildContext } from "./build-context.ts";
import { throughHidden } from "./ephemeral.ts";

/** Models as assets see each other: ephemeral ones looked through, tables outside the project left out. */
export interface ModelGraph {
  keyOf(model: string): AssetKey;
  upstreamOf(model: string): readonly string[];
  /** Undefined when lineage is not shown, or not known. */
  lineageOf(model: string): TableColumnLineage | undefined;
}

/**
 * Dependencies are those the engine lists, together with those its column lineage knows: engines leave
 * out models that are only found inside the SQL, although they order their own runs by them.
 */
export function modelGraph(context: BuildContext, shown: ReadonlyMap<string, ModelDetail>): ModelGraph {
  const { options, state } = context;
  const all = new Map((state.compile?.modelsDetail ?? []).map((model) => [model.name, model]));
  const keys = new Map(
    [...shown.values()].map((model) => [model.name, options.translator.getModelAssetKey(model)]),
  );
  const isEphemeral = (name: string) => all.get(name)?.strategy.type === "ephemeral";

  const edges = options.surfaceColumnLineage ? state.upstreamReads?.columnLineage : undefined;
  const lineage =
    edges &&
    projectLineage(edges, (name) => {
      return keys.get(name) ?? (isEphemeral(name) ? "ephemeral" : undefined);
    });
  const listed = (name: string): readonly string[] => {
    const depends = all.get(name)?.dependsOn ?? [];
    return lineage ? [...depends, ...lineage.sourcesOf(name)] : depends;
  };
  const upstream = throughHidden(listed, isEphemeral, (name) => keys.has(name));

  return {
    keyOf(model) {
      const key = keys.get(model);
      if (!key) throw new RangeError(`model ${model} is not an asset`);
      return key;
    },
    upstreamOf: (model) => upstream(model).filter((name) => name !== model),
    lineageOf: (model) => lineage?.of(model),
  };
}

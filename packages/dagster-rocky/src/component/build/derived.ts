import {
  AssetKey,
  type AssetSpec,
  type AssetsDefinition,
  coerceMetadata,
  type Metadata,
  type TimeWindowPartitionsDefinition,
} from "@dagster-rocky/dagster";
import { freshnessPolicyFromModel } from "../../checks/freshness-policy.ts";
import type { DerivedModel } from "../../dispatch/plans.ts";
import { shownLineage } from "../../lineage/shown-lineage.ts";
import type { ModelDetail } from "../../translator/inputs.ts";
import { assetsDefinition, type BuildContext } from "./build-context.ts";
import { cachedCompile } from "./cached-compile.ts";
import { derivedBuckets } from "./derived-buckets.ts";
import { derivedOrder } from "./derived-order.ts";
import { type ModelGraph, modelGraph } from "./model-graph.ts";
import { groupName } from "./names.ts";
import { optimizeMetadata } from "./optimize-metadata.ts";
import { sourceFilter } from "./source-spec.ts";
import { inDependencyOrder } from "./topological.ts";

/** Compiled models as assets: one op for each partition shape, made as a whole. */
export function derivedGroups(
  context: BuildContext,
  takenKeys: ReadonlySet<string> = new Set(),
): readonly AssetsDefinition[] {
  const { compile } = context.state;
  if (!compile) return [];
  const shown = shownModels(context, takenKeys);
  const graph = modelGraph(context, shown);
  const buckets = derivedBuckets(shown, graph, context);
  const order = derivedOrder(buckets, graph, context);
  const grainOf = new Map(
    buckets.flatMap((bucket) => bucket.models.map((model) => [model.name, bucket.grain])),
  );
  const optimize = optimizeMetadata(context.state.optimize);
  const cached = cachedCompile(compile);
  const fallbackFilter = context.state.discover.sources
    .map(sourceFilter)
    .find((filter) => filter !== undefined);
  const inOrder = (models: readonly ModelDetail[]): readonly ModelDetail[] =>
    inDependencyOrder(
      models,
      (model) => model.name,
      (model) => graph.upstreamOf(model.name),
    );

  return buckets.map((bucket) => {
    const elsewhere = order.builtHere(bucket);
    const own = inOrder(bucket.models);
    const others = [...elsewhere.keys()].flatMap((name) => shown.get(name) ?? []);
    const all = others.length > 0 ? inOrder([...others, ...own]) : own;
    const names = new Set(all.map((model) => model.name));
    const specs = own.map((model) =>
      modelSpec(context, model, graph, order.depsOf(model), optimize.get(model.name), bucket.partitionsDef),
    );
    const lineages = new Map(own.map((model, index) => [model.name, shownLineage(specs[index])]));
    const plan = {
      kind: "derivedGroup",
      opName: bucket.opName,
      ...(bucket.grain ? { grain: bucket.grain } : {}),
      models: all.map((model): DerivedModel => {
        const grain = grainOf.get(model.name);
        const madeElsewhere = elsewhere.get(model.name);
        const columnLineage = lineages.get(model.name);
        return {
          key: graph.keyOf(model.name),
          name: model.name,
          target: model.target,
          strategy: model.strategy.type,
          ...(grain ? { grain } : {}),
          ...(columnLineage ? { columnLineage } : {}),
          upstream: graph.upstreamOf(model.name).filter((name) => names.has(name)),
          ...(madeElsewhere ? { madeElsewhere } : {}),
        };
      }),
      ...(fallbackFilter === undefined ? {} : { fallbackFilter }),
      ...(cached ? { compile: cached } : {}),
    } as const;
    return assetsDefinition(context, () => plan, {
      opName: plan.opName,
      specs,
      // One unit to look at and to launch; a re-execution still names only the models that failed.
      canSubset: true,
      launchedTogether: true,
      tagged: true,
      partitionsDef: bucket.partitionsDef,
    });
  });
}

/** Ephemeral models are never written; of several with one key the first is shown. */
function shownModels(
  context: BuildContext,
  takenKeys: ReadonlySet<string>,
): ReadonlyMap<string, ModelDetail> {
  const { translator } = context.options;
  const owners = new Map<string, string>();
  const shown = new Map<string, ModelDetail>();
  for (const model of context.state.compile?.modelsDetail ?? []) {
    if (model.strategy.type === "ephemeral") continue;
    const key = translator.getModelAssetKey(model);
    const id = AssetKey.id(key);
    const owner = takenKeys.has(id) ? "a replicated table" : owners.get(id);
    if (owner !== undefined) {
      context.problems.add(
        `Model ${model.name} writes ${AssetKey.toUserString(key)}, which is also the key of ${owner}; ` +
          `it is not shown. Give one of them another target, or another key in the translator.`,
        key,
      );
      continue;
    }
    owners.set(id, `model ${model.name}`);
    shown.set(model.name, model);
  }
  return shown;
}

function modelSpec(
  context: BuildContext,
  model: ModelDetail,
  graph: ModelGraph,
  deps: readonly string[],
  optimize: Metadata | undefined,
  partitionsDef: TimeWindowPartitionsDefinition | undefined,
): AssetSpec {
  const { translator } = context.options;
  const lineage = graph.lineageOf(model.name);
  const freshnessPolicy = freshnessPolicyFromModel(model.freshness);
  return {
    key: graph.keyOf(model.name),
    deps: [...deps.map((name) => graph.keyOf(name)), ...translator.getModelAssetDeps(model)].map(
      (assetKey) => ({
        assetKey,
      }),
    ),
    metadata: {
      ...coerceMetadata(translator.getModelMetadata(model)),
      ...optimize,
      ...(lineage ? { "dagster/column_lineage": { kind: "columnLineage", lineage } } : {}),
    },
    groupName: groupName(translator.getModelGroupName(model)),
    tags: translator.getModelTags(model),
    kinds: ["rocky", "model"],
    owners: [],
    ...(freshnessPolicy ? { freshnessPolicy } : {}),
    ...(partitionsDef ? { partitionsDef } : {}),
    skippable: true,
  };
}

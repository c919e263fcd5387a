import {
  compileIncrementally,
  type DescribedModel,
  digest,
  loadImports,
  type RecordedProject,
} from "../compile/index.ts";
import type { Strategy } from "../models/index.ts";
import { nodeAnalysis } from "../node-analysis.ts";
import { nodeCache } from "../node-cache.ts";
import { listItems } from "../output/fragments.ts";
import { cachedAnalysis } from "../sql/index.ts";
import { cachedSources } from "./cached-sources.ts";
import type { CommandContext } from "./context.ts";
import { freshnessShape, strategyShape, targetShape } from "./model-shapes.ts";
import { type GivenProject, parseVariables, portabilityOf } from "./project-options.ts";

/** The texts that are kept about a model: what `compile` and `dag` print about it. */
const MODEL_TEXTS = ["detail", "node", "lineage", "diagnostics"] as const;
export type ModelTexts = (typeof MODEL_TEXTS)[number];

/** Compiles the models of some directories; what was found out about unchanged models is not found out again. */
export const recordedProject = async (
  context: CommandContext,
  directories: readonly string[],
  given: Omit<GivenProject, "models">,
): Promise<RecordedProject<ModelTexts>> => {
  const config = context.loadProjectConfig();
  const cache = nodeCache(context.cwd);
  // What is kept lies in a file, where a secret that a sidecar takes from the environment has no business.
  const kept = context.redactor.payload;
  return compileIncrementally({
    ...portabilityOf(config, given.targetDialect),
    files: context.files,
    env: context.env,
    directories,
    variables: parseVariables(given.variables ?? []),
    config,
    imports: loadImports(context.files, config),
    sources: await cachedSources(context),
    ...(given.contracts === undefined ? {} : { contracts: given.contracts }),
    analyze: cachedAnalysis(nodeAnalysis, cache, digest),
    store: cache,
    kinds: MODEL_TEXTS,
    describe: (model) => ({
      detail: listItems([kept(modelDetail({ ...model, name: model.model.name }))]),
      node: JSON.stringify(kept(nodeDetail(model.model))),
      lineage: listItems(model.edges),
      diagnostics: listItems(kept(model.diagnostics)),
    }),
  });
};

/** A model as `compile` lists it. */
export const modelDetail = ({
  name,
  model,
  dependsOn,
  contract,
}: Pick<DescribedModel, "model" | "dependsOn" | "contract"> & { readonly name: string }) => ({
  name,
  strategy: strategyShape(model.strategy),
  target: targetShape(model.target),
  ...(model.freshness === undefined ? {} : { freshness: freshnessShape(model.freshness) }),
  // The original names only contracts that it found by itself.
  ...(contract === "auto" ? { contract_source: contract } : {}),
  ...(Object.keys(model.tags).length === 0 ? {} : { tags: model.tags }),
  ...(dependsOn.length === 0 ? {} : { depends_on: dependsOn }),
});

/** What `dag` says about the node of a model besides its place in the graph. */
export const nodeDetail = (model: Pick<DescribedModel["model"], "target" | "strategy" | "freshness">) => {
  const partitions = partitionShape(model.strategy);
  return {
    target: targetShape(model.target),
    strategy: strategyShape(model.strategy),
    ...(model.freshness === undefined ? {} : { freshness: freshnessShape(model.freshness) }),
    ...(partitions === undefined ? {} : { partition_shape: partitions }),
  };
};

const GRANULARITY = { hour: "hourly", day: "daily", month: "monthly", year: "yearly" } as const;

const partitionShape = (strategy: Strategy) => {
  if (strategy.type === "microbatch") return { granularity: GRANULARITY[strategy.granularity] };
  if (strategy.type !== "time_interval") return undefined;
  return {
    granularity: GRANULARITY[strategy.granularity],
    ...(strategy.firstPartition === undefined ? {} : { first_partition: strategy.firstPartition }),
  };
};

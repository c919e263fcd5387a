import { compileModels, digest } from "../compile/index.ts";
import type { RockyConfig } from "../config/index.ts";
import { RockyError } from "../errors.ts";
import { buildDag, type Dag, type DagNode, findSeeds } from "../graph/index.ts";
import type { LineageEdge } from "../lineage/index.ts";
import { loadModels, type Model, modelsDirectory, type Strategy } from "../models/index.ts";
import { nodeCache } from "../node-cache.ts";
import { joinPath } from "../paths.ts";
import { analyzeSql, cachedAnalysis, type TextCache } from "../sql/index.ts";
import { ENGINE_VERSION } from "../version.ts";
import { defineCommand } from "./command.ts";
import type { CommandContext } from "./context.ts";
import { booleanFlag, stringFlag } from "./flags.ts";
import { freshnessShape, strategyShape, targetShape } from "./model-shapes.ts";
import { contractsFlag, projectFlags } from "./project-options.ts";

/** Of the payload, not of the engine. */
const SCHEMA_VERSION = "1";

export const dag = defineCommand({
  name: "dag",
  summary: "Show seeds, pipelines, models and tests as one graph",
  flags: {
    ...projectFlags,
    seeds: stringFlag("folder of seed files (default: seeds beside the config)", "DIR"),
    contracts: contractsFlag,
    "column-lineage": booleanFlag("add the lineage of every column"),
  },
  positionals: [],
  run: async ({ flags }, context) => {
    const config = context.loadConfig();
    const models = modelsByPipeline(context, config, flags.models);
    const seedsDirectory = flags.seeds ?? joinPath(config.directory, "seeds");
    const seeds = findSeeds(context.files, context.env, seedsDirectory) ?? [];
    const graph = buildDag({ seeds, pipelines: config.pipelines, models });
    if (graph.nodes.length === 0) {
      throw new RockyError("no_models", "there is nothing to show: no pipeline, no seed, no model", {
        where: { file: config.file },
        hint: "add a [pipeline.<name>] table",
      });
    }
    const lineage = flags["column-lineage"]
      ? await columnLineage([...models.values()].flat(), nodeCache(context.cwd))
      : {};
    return { payload: { ...dagPayload(graph), ...lineage } };
  },
});

const modelsByPipeline = (
  context: CommandContext,
  config: RockyConfig,
  given: string | undefined,
): ReadonlyMap<string, readonly Model[]> => {
  const transformations = config.pipelines.flatMap((pipeline) =>
    pipeline.type === "transformation" ? [pipeline] : [],
  );
  // With several pipelines one folder cannot be the folder of all.
  const only = transformations.length === 1 ? given : undefined;
  return new Map(
    transformations.map((pipeline) => {
      const directory = only ?? modelsDirectory(config.directory, pipeline.models);
      return [pipeline.name, loadModels(context.files, context.env, directory).models];
    }),
  );
};

/** Nothing when the project has no lineage; a reason when it cannot be computed, because the graph still can. */
const columnLineage = async (
  models: readonly Model[],
  cache: TextCache,
): Promise<{ column_lineage?: readonly LineageEdge[]; column_lineage_unavailable?: string }> => {
  if (models.length === 0) return {};
  try {
    const { lineage } = await compileModels({ models, analyze: cachedAnalysis(analyzeSql, cache, digest) });
    return lineage.length === 0 ? {} : { column_lineage: lineage };
  } catch (thrown) {
    const { message } = RockyError.from(thrown);
    return { column_lineage_unavailable: `column lineage could not be computed: ${message}` };
  }
};

const dagPayload = (graph: Dag) => ({
  version: ENGINE_VERSION,
  schema_version: SCHEMA_VERSION,
  command: "dag",
  nodes: graph.nodes.map((node) => nodeShape(node, graph.dependsOn.get(node.id) ?? [])),
  edges: graph.edges.map(({ from, to, kind }) => ({ from, to, edge_type: kind })),
  execution_layers: graph.layers,
  summary: {
    total_nodes: graph.nodes.length,
    total_edges: graph.edges.length,
    execution_layers: graph.layers.length,
    counts_by_kind: countsByKind(graph.nodes),
  },
});

const nodeShape = (node: DagNode, dependsOn: readonly string[]) => {
  const { model } = node;
  const target = model?.target ?? node.target;
  const partitions = model === undefined ? undefined : partitionShape(model.strategy);
  return {
    id: node.id,
    kind: node.kind,
    label: node.label,
    ...(node.pipeline === undefined ? {} : { pipeline: node.pipeline }),
    ...(target === undefined ? {} : { target: targetShape(target) }),
    ...(model === undefined ? {} : { strategy: strategyShape(model.strategy) }),
    ...(model?.freshness === undefined ? {} : { freshness: freshnessShape(model.freshness) }),
    ...(partitions === undefined ? {} : { partition_shape: partitions }),
    ...(dependsOn.length === 0 ? {} : { depends_on: dependsOn }),
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

const countsByKind = (nodes: readonly DagNode[]): Readonly<Record<string, number>> => {
  const counts = new Map<string, number>();
  for (const { kind } of nodes) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  return Object.fromEntries([...counts].sort(([left], [right]) => (left < right ? -1 : 1)));
};

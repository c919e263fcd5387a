import { compileModels, decodeGraph, digest, OWN } from "../compile/index.ts";
import type { RockyConfig } from "../config/index.ts";
import { RockyError } from "../errors.ts";
import { buildDag, type Dag, type DagModel, type DagNode, findSeeds } from "../graph/index.ts";
import type { LineageEdge } from "../lineage/index.ts";
import { loadModels, type Model, modelsDirectory } from "../models/index.ts";
import { nodeAnalysis } from "../node-analysis.ts";
import { nodeCache } from "../node-cache.ts";
import { type Fragments, renderWithFragments } from "../output/fragments.ts";
import { joinPath } from "../paths.ts";
import { cachedAnalysis, type TextCache } from "../sql/index.ts";
import { ENGINE_VERSION } from "../version.ts";
import { defineCommand } from "./command.ts";
import type { CommandContext } from "./context.ts";
import { booleanFlag, stringFlag } from "./flags.ts";
import { targetShape } from "./model-shapes.ts";
import { contractsFlag, projectFlags } from "./project-options.ts";
import { nodeDetail, recordedProject } from "./recorded-project.ts";

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
    const folders = modelFolders(config, flags.models);
    const recorded = flags["column-lineage"] ? await onRecord(context, folders) : undefined;
    if (recorded !== undefined) {
      const graph = projectGraph(context, config, flags.seeds, recorded.models);
      const payload = dagPayload(graph, (model) => model.node);
      const withLineage = { ...payload, ...recorded.lineage };
      const rendered = (): string => renderWithFragments(withLineage);
      return {
        rendered,
        get payload(): unknown {
          return JSON.parse(rendered());
        },
      };
    }
    const models = new Map<string, readonly Model[]>();
    for (const [pipeline, directory] of folders)
      models.set(pipeline, loadModels(context.files, context.env, directory).models);
    const graph = projectGraph(context, config, flags.seeds, models);
    const lineage = flags["column-lineage"]
      ? await columnLineage([...models.values()].flat(), nodeCache(context.cwd))
      : {};
    return { payload: { ...dagPayload(graph, nodeDetail), ...lineage } };
  },
});

const projectGraph = <M extends DagModel>(
  context: CommandContext,
  config: RockyConfig,
  givenSeeds: string | undefined,
  models: ReadonlyMap<string, readonly M[]>,
): Dag<M> => {
  const seedsDirectory = givenSeeds ?? joinPath(config.directory, "seeds");
  const seeds = findSeeds(context.files, context.env, seedsDirectory) ?? [];
  const graph = buildDag({ seeds, pipelines: config.pipelines, models });
  if (graph.nodes.length > 0) return graph;
  throw new RockyError("no_models", "there is nothing to show: no pipeline, no seed, no model", {
    where: { file: config.file },
    hint: "add a [pipeline.<name>] table",
  });
};

/** The models directory of each transformation pipeline. */
const modelFolders = (config: RockyConfig, given: string | undefined): ReadonlyMap<string, string> => {
  const transformations = config.pipelines.flatMap((pipeline) =>
    pipeline.type === "transformation" ? [pipeline] : [],
  );
  // With several pipelines one folder cannot be the folder of all.
  const only = transformations.length === 1 ? given : undefined;
  return new Map(
    transformations.map(({ name, models }) => [name, only ?? modelsDirectory(config.directory, models)]),
  );
};

interface OnRecord {
  readonly models: ReadonlyMap<string, readonly RecordedDagModel[]>;
  readonly lineage: { readonly column_lineage?: Fragments };
}

type RecordedDagModel = DagModel & { readonly node: NodeDetail };

/** Undefined when the models cannot be compiled: then the graph is shown without lineage, or the reason why not. */
const onRecord = async (
  context: CommandContext,
  folders: ReadonlyMap<string, string>,
): Promise<OnRecord | undefined> => {
  try {
    const project = await recordedProject(context, [...folders.values()], {});
    const models = [...folders.keys()].map((pipeline) => [pipeline, [] as RecordedDagModel[]] as const);
    project.names.forEach((name, position) => {
      const { graph, strategy, tests } = decodeGraph(project.section(OWN.graph, position));
      const node: NodeDetail = JSON.parse(project.text("node", position));
      models[project.directoryOf(position)]?.[1].push({
        name,
        dependsOn: graph.declared,
        target: graph.target,
        strategy: { type: strategy },
        tests,
        node,
      });
    });
    const fragments = project.layers.flatMap((layer) =>
      layer.map((position) => project.text("lineage", position)),
    );
    const known = fragments.some((text) => text !== "");
    return { models: new Map(models), lineage: known ? { column_lineage: { fragments } } : {} };
  } catch (thrown) {
    if (thrown instanceof RockyError) return undefined;
    throw thrown;
  }
};

/** Nothing when the project has no lineage; a reason when it cannot be computed, because the graph still can. */
const columnLineage = async (
  models: readonly Model[],
  cache: TextCache,
): Promise<{ column_lineage?: readonly LineageEdge[]; column_lineage_unavailable?: string }> => {
  if (models.length === 0) return {};
  try {
    const { lineage } = await compileModels({ models, analyze: cachedAnalysis(nodeAnalysis, cache, digest) });
    return lineage.length === 0 ? {} : { column_lineage: lineage };
  } catch (thrown) {
    const { message } = RockyError.from(thrown);
    return { column_lineage_unavailable: `column lineage could not be computed: ${message}` };
  }
};

const dagPayload = <M extends DagModel>(graph: Dag<M>, detailOf: (model: M) => NodeDetail) => ({
  version: ENGINE_VERSION,
  schema_version: SCHEMA_VERSION,
  command: "dag",
  nodes: graph.nodes.map((node) => nodeShape(node, graph.dependsOn.get(node.id) ?? [], detailOf)),
  edges: graph.edges.map(({ from, to, kind }) => ({ from, to, edge_type: kind })),
  execution_layers: graph.layers,
  summary: {
    total_nodes: graph.nodes.length,
    total_edges: graph.edges.length,
    execution_layers: graph.layers.length,
    counts_by_kind: countsByKind(graph.nodes),
  },
});

type NodeDetail = ReturnType<typeof nodeDetail>;

const nodeShape = <M extends DagModel>(
  { id, kind, label, pipeline, model, target }: DagNode<M>,
  dependsOn: readonly string[],
  detailOf: (model: M) => NodeDetail,
) => ({
  id,
  kind,
  label,
  ...(pipeline === undefined ? {} : { pipeline }),
  ...(target === undefined ? {} : { target: targetShape(target) }),
  ...(model === undefined ? {} : detailOf(model)),
  ...(dependsOn.length === 0 ? {} : { depends_on: dependsOn }),
});

const countsByKind = (nodes: readonly DagNode<DagModel>[]): Readonly<Record<string, number>> => {
  const counts = new Map<string, number>();
  for (const { kind } of nodes) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  return Object.fromEntries([...counts].sort(([left], [right]) => (left < right ? -1 : 1)));
};

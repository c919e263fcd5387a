import type { Pipeline, TransformationPipeline } from "../config/index.ts";
import { RockyError } from "../errors.ts";
import type { Model } from "../models/index.ts";
import { didYouMean } from "../suggest.ts";
import { type LayerResult, layersOf } from "./layers.ts";
import {
  type DagEdge,
  type DagModel,
  type DagNode,
  modelNode,
  modelNodeId,
  type Seed,
  seedNode,
  testNodes,
} from "./nodes.ts";
import { unreachable } from "../unreachable.ts";

export interface DagInput<M extends DagModel = Model> {
  readonly seeds: readonly Seed[];
  readonly pipelines: readonly Pipeline[];
  /** Models by the name of their transformation pipeline. */
  readonly models: ReadonlyMap<string, readonly M[]>;
}

export interface Dag<M extends DagModel = Model> {
  readonly nodes: readonly DagNode<M>[];
  readonly edges: readonly DagEdge[];
  /** Ids; every node comes after all that it depends on. */
  readonly layers: readonly (readonly string[])[];
  /** Ids that lead into a node, in the order of the edges. */
  readonly dependsOn: ReadonlyMap<string, readonly string[]>;
}

/**
 * Seeds, pipelines and models as one graph. Between models only declared dependencies count here; what SQL reads is
 * the compiler's business. Throws for a circle, an unknown pipeline, and a model or table claimed twice.
 */
export const buildDag = <M extends DagModel>(input: DagInput<M>): Dag<M> => {
  refuseDoubleClaims(input);
  const parts = input.pipelines.map((pipeline) =>
    pipelinePart(pipeline, input.models.get(pipeline.name) ?? []),
  );
  const nodes = [...input.seeds.map(seedNode), ...parts.flatMap((part) => part.nodes)];
  const edges = distinct([
    ...parts.flatMap((part) => part.edges),
    ...crossEdges(input, parts),
    ...pipelineEdges(input.pipelines, parts),
  ]);
  const dependsOn = predecessors(nodes, edges);
  return { nodes, edges, layers: orThrow(layersOf(dependsOn)), dependsOn };
};

/** What one pipeline brings along. */
interface PipelinePart<M extends DagModel> {
  readonly pipeline: Pipeline;
  readonly models: readonly M[];
  readonly nodes: readonly DagNode<M>[];
  readonly edges: readonly DagEdge[];
}

const pipelinePart = <M extends DagModel>(pipeline: Pipeline, models: readonly M[]): PipelinePart<M> => {
  const { name } = pipeline;
  const alone = (kind: "quality" | "snapshot" | "load"): PipelinePart<M> => ({
    pipeline,
    models: [],
    nodes: [{ id: `${kind}:${name}`, kind, label: name, pipeline: name }],
    edges: [],
  });
  switch (pipeline.type) {
    case "replication":
      return {
        pipeline,
        models: [],
        nodes: [
          { id: `source:${name}`, kind: "source", label: `${name} (source)`, pipeline: name },
          { id: `load:${name}`, kind: "load", label: `${name} (load)`, pipeline: name },
        ],
        edges: [{ from: `source:${name}`, to: `load:${name}`, kind: "data" }],
      };
    case "transformation":
      return transformationPart(pipeline, models);
    case "quality":
    case "snapshot":
    case "load":
      return alone(pipeline.type);
    default:
      return unreachable(pipeline);
  }
};

const transformationPart = <M extends DagModel>(
  pipeline: TransformationPipeline,
  models: readonly M[],
): PipelinePart<M> => {
  const own = new Set(models.map((model) => model.name));
  const nodes: DagNode<M>[] = [];
  const edges: DagEdge[] = [];
  for (const model of models) {
    nodes.push(modelNode(model, pipeline.name));
    const id = modelNodeId(model.name);
    for (const name of model.dependsOn) {
      if (own.has(name)) edges.push({ from: modelNodeId(name), to: id, kind: "data" });
    }
  }
  for (const model of models) {
    for (const test of testNodes(model, pipeline.name)) {
      nodes.push(test);
      edges.push({ from: modelNodeId(model.name), to: test.id, kind: "check" });
    }
  }
  return { pipeline, models, nodes, edges };
};

/** `depends_on` of a model may name a seed, a model of another pipeline, or a pipeline that loads data. */
const crossEdges = <M extends DagModel>(
  input: DagInput<M>,
  parts: readonly PipelinePart<M>[],
): readonly DagEdge[] => {
  const logical = new Map<string, string>();
  for (const { name, type } of input.pipelines) {
    if (type === "replication" || type === "load") logical.set(name, `load:${name}`);
  }
  for (const seed of input.seeds) logical.set(seed.name, `seed:${seed.name}`);
  for (const model of parts.flatMap((part) => part.models)) logical.set(model.name, modelNodeId(model.name));
  return parts.flatMap((part) => {
    const own = new Set(part.models.map((model) => model.name));
    return part.models.flatMap((model) =>
      model.dependsOn.flatMap((name): readonly DagEdge[] => {
        const from = own.has(name) ? undefined : logical.get(name);
        return from === undefined ? [] : [{ from, to: modelNodeId(model.name), kind: "data" }];
      }),
    );
  });
};

/** The last nodes of a pipeline lead to the first nodes of each pipeline that depends on it. */
const pipelineEdges = (
  pipelines: readonly Pipeline[],
  parts: readonly PipelinePart<DagModel>[],
): readonly DagEdge[] => {
  const byName = new Map(parts.map((part) => [part.pipeline.name, part]));
  return parts.flatMap((part) =>
    part.pipeline.dependsOn.flatMap((name) => {
      const upstream = byName.get(name);
      if (upstream === undefined) throw unknownPipeline(name, part.pipeline.name, pipelines);
      const entries = outerNodes(part, (edge) => edge.to);
      return outerNodes(upstream, (edge) => (edge.kind === "check" ? undefined : edge.from)).flatMap((from) =>
        entries.map((to): DagEdge => ({ from, to, kind: "data" })),
      );
    }),
  );
};

/** Nodes that no edge touches at the given end; sources and tests are never the border of a pipeline. */
const outerNodes = (
  part: PipelinePart<DagModel>,
  end: (edge: DagEdge) => string | undefined,
): readonly string[] => {
  const touched = new Set(part.edges.map(end));
  return part.nodes
    .filter(({ id, kind }) => kind !== "source" && kind !== "test" && !touched.has(id))
    .map((node) => node.id);
};

const unknownPipeline = (name: string, by: string, pipelines: readonly Pipeline[]): RockyError =>
  new RockyError("unknown_name", `pipeline '${by}' depends on unknown pipeline '${name}'`, {
    where: { key: `pipeline.${by}.depends_on` },
    hint:
      didYouMean(
        name,
        pipelines.map((pipeline) => pipeline.name),
      ) ?? "name a pipeline of this file",
  });

const refuseDoubleClaims = ({ pipelines, models }: DagInput<DagModel>): void => {
  const claims = new Map<string, string>();
  const writers = new Map<string, string>();
  for (const pipeline of pipelines) {
    if (pipeline.type !== "transformation") continue;
    for (const { name, target, strategy } of models.get(pipeline.name) ?? []) {
      const other = claims.get(name);
      if (other !== undefined) throw doubleClaim(`model '${name}'`, other, pipeline.name);
      claims.set(name, pipeline.name);
      if (strategy.type === "ephemeral") continue;
      const table = [target.catalog, target.schema, target.table].join(".").toLowerCase();
      const key = `${pipeline.target.adapter}\n${table}`;
      const writer = writers.get(key);
      // Twice inside one pipeline is a diagnostic of the compiler, which names the models.
      if (writer !== undefined && writer !== pipeline.name)
        throw doubleClaim(`table '${table}'`, writer, pipeline.name);
      writers.set(key, pipeline.name);
    }
  }
};

const doubleClaim = (what: string, first: string, second: string): RockyError =>
  new RockyError("config_invalid", `${what} belongs to two pipelines: '${first}' and '${second}'`, {
    where: { key: `pipeline.${second}.models` },
    hint: "narrow the models pattern of one of them",
  });

const distinct = (edges: readonly DagEdge[]): readonly DagEdge[] => [
  ...new Map(edges.map((edge) => [`${edge.from}\n${edge.to}\n${edge.kind}`, edge])).values(),
];

const predecessors = (
  nodes: readonly DagNode<DagModel>[],
  edges: readonly DagEdge[],
): ReadonlyMap<string, readonly string[]> => {
  const before = new Map<string, string[]>(nodes.map((node) => [node.id, []]));
  for (const edge of edges) before.get(edge.to)?.push(edge.from);
  return before;
};

const orThrow = (result: LayerResult): readonly (readonly string[])[] => {
  if (result.ok) return result.layers;
  const path = [...result.cycle, result.cycle[0] ?? ""].join(" → ");
  throw new RockyError("model_cycle", `the graph goes in a circle: ${path}`, {
    hint: "remove one of these dependencies",
  });
};

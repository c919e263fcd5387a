import { randomUUID } from "node:crypto";
import type { CommandContext } from "../../commands/context.ts";
import { RockyError } from "../../errors.ts";
import { buildDag, type Dag, type DagNode, layersOf, modelNodeId } from "../../graph/index.ts";
import type { Model } from "../../models/index.ts";
import { joinPath } from "../../paths.ts";
import { ENGINE_VERSION } from "../../version.ts";
import { createRunEnvironment, type RunEnvironment } from "../environment.ts";
import { withHooks } from "../../hooks/run-hooks.ts";
import { type Executed, executeIn } from "../execute.ts";
import { onceByKey } from "../idempotent.ts";
import { settleAppends } from "../../state/appends.ts";
import { failureText, isInterruption } from "../failure.ts";
import { compileForRun, loadRunModels, modelsDirectoryOf } from "../project.ts";
import { INTERRUPTED_EXIT_CODE } from "../report.ts";
import type { RunRequest } from "../request.ts";
import { loadSeeds } from "../seed/load-seeds.ts";
import { findSeedFiles, type SeedFile } from "../seed/seed-files.ts";

interface Graph {
  readonly dag: Dag;
  readonly layers: readonly (readonly string[])[];
  readonly dependsOn: ReadonlyMap<string, readonly string[]>;
  readonly seeds: ReadonlyMap<string, SeedFile>;
  readonly seedsDirectory: string;
  readonly warnings: readonly string[];
  /** How many database files the adapters name. */
  readonly files: number;
}

type NodeStatus = "completed" | "failed" | "skipped";

interface NodeOutput {
  readonly id: string;
  readonly kind: string;
  readonly label: string;
  readonly layer: number;
  readonly status: NodeStatus;
  readonly duration_ms: number;
  readonly error?: string;
}

/** Dependencies that only the SQL shows, by node; what does not compile is left to the run of its node. */
const sqlDependencies = async (
  env: RunEnvironment,
  request: RunRequest,
  directory: string,
): Promise<ReadonlyMap<string, readonly string[]>> => {
  try {
    const loaded = loadRunModels(env, directory);
    if (loaded.models.length === 0) return new Map();
    const { compiled } = await compileForRun(env, loaded, request.variables);
    return new Map(
      [...compiled.models.values()].map(({ name, dependsOn, runsAfter }) => [
        modelNodeId(name),
        [...dependsOn, ...runsAfter].map(modelNodeId),
      ]),
    );
  } catch (error) {
    env.emit({ level: "warn", message: `dependencies found in SQL are left out: ${failureText(error)}` });
    return new Map();
  }
};

const withSqlEdges = (
  dag: Dag,
  extra: ReadonlyMap<string, readonly string[]>,
): Pick<Graph, "layers" | "dependsOn" | "warnings"> => {
  const known = new Set(dag.nodes.map((node) => node.id));
  const dependsOn = new Map(
    [...dag.dependsOn].map(([id, before]) => [
      id,
      [...new Set([...before, ...(extra.get(id) ?? []).filter((other) => known.has(other))])],
    ]),
  );
  const result = layersOf(dependsOn);
  if (result.ok) return { layers: result.layers, dependsOn, warnings: [] };
  const warnings = [`dependencies found in SQL go in a circle and are left out: ${result.cycle.join(" → ")}`];
  return { layers: dag.layers, dependsOn: dag.dependsOn, warnings };
};

const planGraph = async (env: RunEnvironment, request: RunRequest): Promise<Graph> => {
  const { config, context } = env;
  const seedsDirectory = joinPath(config.directory, "seeds");
  const seeds = findSeedFiles(context.files, context.env, seedsDirectory) ?? [];
  const transformations = config.pipelines.filter((pipeline) => pipeline.type === "transformation");
  const models = new Map<string, readonly Model[]>();
  const extra = new Map<string, readonly string[]>();
  for (const pipeline of transformations) {
    const given = transformations.length === 1 ? request.modelsDirectory : undefined;
    const directory = modelsDirectoryOf(config, { directory: given, pipeline });
    models.set(pipeline.name, loadRunModels(env, directory).models);
    for (const [id, before] of await sqlDependencies(env, request, directory)) extra.set(id, before);
  }
  const dag = buildDag({
    seeds: seeds.map(({ name, target }) => ({
      name,
      target: { catalog: target.catalog ?? "", schema: target.schema ?? "", table: target.table },
    })),
    pipelines: config.pipelines,
    models,
  });
  if (dag.nodes.length === 0) {
    throw new RockyError("no_models", "there is nothing to run: no pipeline, no seed, no model", {
      where: { file: config.file },
    });
  }
  return {
    dag,
    ...withSqlEdges(dag, extra),
    seeds: new Map(seeds.map((seed) => [seed.name, seed])),
    seedsDirectory,
    files: new Set(config.adapters.flatMap(({ path }) => (path === undefined ? [] : [path]))).size,
  };
};

const messagesOf = (payload: object): string => {
  const errors: unknown = "errors" in payload ? payload.errors : undefined;
  if (!Array.isArray(errors)) return "";
  return errors
    .map((one: unknown) =>
      typeof one === "object" && one !== null && "error" in one ? String(one.error) : "",
    )
    .join("; ");
};

/** Runs what a node stands for; answers why it failed, if it did. */
const runNode = async (
  env: RunEnvironment,
  graph: Graph,
  request: RunRequest,
  node: DagNode,
): Promise<string | undefined> => {
  const verdict = ({ payload, exitCode }: Executed): string | undefined => {
    if (exitCode === 0) return undefined;
    if (exitCode === INTERRUPTED_EXIT_CODE) return "interrupted";
    const details = messagesOf(payload);
    const what =
      node.kind === "transformation" ? `model ${node.label}` : `${node.kind} pipeline '${node.pipeline}'`;
    return details === "" ? `${what} failed` : details;
  };
  // Every model of the graph is built, each in a run of its own, so there is nothing to defer.
  const { model: _model, filter: _filter, deferTo: _deferTo, ...common } = request;
  const named = node.pipeline === undefined ? {} : { pipeline: node.pipeline };
  switch (node.kind) {
    case "transformation":
      return verdict(await executeIn(env, { ...common, ...named, model: node.label }));
    case "load":
      return verdict(await executeIn(env, { ...request, ...named }));
    case "quality":
    case "snapshot":
      return verdict(await executeIn(env, { ...common, ...named }));
    case "seed": {
      const seed = graph.seeds.get(node.label);
      const adapter = env.config.pipelines[0]?.target.adapter ?? env.config.adapters[0]?.name;
      if (seed === undefined || adapter === undefined)
        return `seed '${node.label}' has no file or no adapter`;
      return verdict(await loadSeeds(env, { directory: graph.seedsDirectory, seeds: [seed], adapter }));
    }
    // Sources are read by their loads; tests have a command of their own.
    case "source":
    case "test":
      return undefined;
    default:
      return node.kind satisfies never;
  }
};

const runOne = async (
  env: RunEnvironment,
  graph: Graph,
  request: RunRequest,
  node: DagNode,
): Promise<string | undefined> => {
  try {
    return await runNode(env, graph, request, node);
  } catch (error) {
    if (isInterruption(error)) return "interrupted";
    return failureText(error);
  }
};

const runAll = async (
  env: RunEnvironment,
  graph: Graph,
  request: RunRequest,
): Promise<readonly NodeOutput[]> => {
  const nodes = new Map(graph.dag.nodes.map((node) => [node.id, node]));
  const blocked = new Set<string>();
  const outputs: NodeOutput[] = [];
  for (const [layer, ids] of graph.layers.entries()) {
    for (const id of [...ids].sort()) {
      const node = nodes.get(id);
      if (node === undefined) continue;
      const started = performance.now();
      const base = { id, kind: node.kind, label: node.label, layer };
      const blockers = (graph.dependsOn.get(id) ?? []).filter((before) => blocked.has(before));
      if (node.kind === "test" || blockers.length > 0 || env.signal.aborted) {
        if (node.kind !== "test") blocked.add(id);
        outputs.push({ ...base, status: "skipped", duration_ms: 0 });
        continue;
      }
      const error = await runOne(env, graph, request, node);
      // One node's files are never held while another's are waited for; with one file there is nothing to wait for.
      if (graph.files > 1) await env.releaseFiles();
      const status: NodeStatus = error === undefined ? "completed" : "failed";
      if (error !== undefined) blocked.add(id);
      const duration = Math.round(performance.now() - started);
      env.emit({
        level: error === undefined ? "info" : "error",
        message: `${id} ${status}${error === undefined ? "" : `: ${error}`}`,
        fields: { event: "node_finished", node: id, status, duration_ms: duration },
      });
      outputs.push({ ...base, status, duration_ms: duration, ...(error === undefined ? {} : { error }) });
    }
  }
  return outputs;
};

/** `run --dag`: seeds, pipelines and models in the order of the whole graph, each node a run of its own. */
export const executeDag = (context: CommandContext, request: RunRequest): Promise<Executed> =>
  withHooks(context, (hooked) => executeGraph(hooked, request));

const executeGraph = async (context: CommandContext, request: RunRequest): Promise<Executed> => {
  await using env = createRunEnvironment(context);
  return await onceByKey(env, request, "dag", (rest) => runGraph(env, rest));
};

const runGraph = async (env: RunEnvironment, given: RunRequest): Promise<Executed> => {
  const started = performance.now();
  const request = { ...given, work: `graph-${randomUUID()}` };
  const graph = await planGraph(env, request);
  // A quality check alone would open its database for reading only, and a later node could not write to it.
  if (graph.files <= 1) {
    for (const name of new Set(env.config.pipelines.map((pipeline) => pipeline.target.adapter)))
      await env.session(name, "write");
  }
  const nodes = await runAll(env, graph, request);
  const state = await env.state("write");
  await state.write((transaction) => settleAppends(transaction, request.work, env.signal.aborted));
  const count = (status: NodeStatus): number => nodes.filter((node) => node.status === status).length;
  return {
    payload: {
      version: ENGINE_VERSION,
      command: "run --dag",
      nodes,
      total_nodes: nodes.length,
      total_layers: graph.layers.length,
      completed: count("completed"),
      failed: count("failed"),
      skipped: count("skipped"),
      duration_ms: Math.round(performance.now() - started),
      ...(graph.warnings.length === 0 ? {} : { warnings: graph.warnings }),
    },
    exitCode: env.signal.aborted ? INTERRUPTED_EXIT_CODE : count("failed") > 0 ? 1 : 0,
  };
};

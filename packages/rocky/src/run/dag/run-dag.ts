import { randomUUID } from "node:crypto";
import type { CommandContext } from "../../commands/context.ts";
import type { DagNode } from "../../graph/index.ts";
import { ENGINE_VERSION } from "../../version.ts";
import { createRunEnvironment, type RunEnvironment } from "../environment.ts";
import { withHooks } from "../../hooks/run-hooks.ts";
import { type Executed, executeIn } from "../execute.ts";
import { onceByKey } from "../idempotent.ts";
import { settleAppends } from "../../state/appends.ts";
import { failureText, isInterruption } from "../failure.ts";
import { INTERRUPTED_EXIT_CODE } from "../report.ts";
import type { RunRequest } from "../request.ts";
import { loadSeeds } from "../seed/load-seeds.ts";
import { nodeError } from "./node-error.ts";
import { type Graph, planGraph } from "./plan-graph.ts";

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

/** What the whole graph is asked for, as its nodes are asked. */
const requestsOf = (graph: Graph, request: RunRequest) => {
  // Every model of the graph is built, each in a run of its own, so there is nothing to defer.
  const { model: _model, filter, deferTo: _deferTo, modelsDirectory, all, ...rest } = request;
  const common: RunRequest = { ...rest, all: false };
  const filtered: RunRequest = filter === undefined ? common : { ...common, filter };
  const located = (one: RunRequest): RunRequest =>
    modelsDirectory === undefined ? one : { ...one, modelsDirectory };
  return {
    common,
    // One folder for all of several pipelines would be nobody's.
    models: graph.modelPipelines > 1 ? common : located(common),
    // A copy that ran the models as well would build each of them twice, and an append would double its rows.
    load: graph.modelPipelines > 0 ? filtered : located({ ...filtered, all }),
  };
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
    return nodeError(node, payload);
  };
  const { load, common, models } = requestsOf(graph, request);
  const named = node.pipeline === undefined ? {} : { pipeline: node.pipeline };
  switch (node.kind) {
    case "transformation":
      return verdict(await executeIn(env, { ...models, ...named, model: node.label }));
    case "load":
      return verdict(await executeIn(env, { ...load, ...named }));
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
  if (request.resume !== undefined) {
    const message = "--resume leaves out copies only: every other node of the graph is run";
    env.emit({ level: "warn", message, fields: { event: "nothing_to_resume" } });
  }
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

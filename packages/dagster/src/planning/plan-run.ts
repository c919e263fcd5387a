import type { RetryPolicy } from "../definitions/assets.ts";
import { InvalidSubsetError } from "../definitions/errors.ts";
import type { AssetCheckKey, AssetKey } from "../definitions/keys.ts";
import { didYouMean } from "../text-distance.ts";
import { type JobGraph, type JobNode, layOutJob } from "./job-graph.ts";
import type { AssetNode, CheckNode } from "./nodes.ts";
import { partsOf } from "./parts.ts";
import { type CompiledJob, type CompiledRepository, requireJob } from "./repository.ts";
import { type EntitySelection, requireAsset, requireCheck, withChecks } from "./selection.ts";

/** What a run asks for, as the host says it. */
export interface PlanRequest {
  readonly jobName: string;
  /** Undefined and `[]` with no checks mean the whole job. */
  readonly assetSelection?: readonly AssetKey[];
  /** Undefined: all checks of the selected assets; `[]`: none; otherwise exactly these. */
  readonly checkSelection?: readonly AssetCheckKey[];
  /** A part of the steps, as in a re-execution; all when undefined. */
  readonly stepKeysToExecute?: readonly string[];
}

/** One step: an op (or a part of one) with what it must produce and what it waits for. */
export interface PlannedStep {
  readonly key: string;
  readonly node: JobNode;
  /** In definition order. */
  readonly assets: readonly AssetNode[];
  readonly checks: readonly CheckNode[];
  /** Keys of steps of this plan that must be over first, also those that are not executed again. */
  readonly upstream: readonly string[];
  readonly pool?: string;
  readonly retryPolicy?: RetryPolicy;
  readonly tags: Readonly<Record<string, string>>;
}

export interface RunPlan {
  readonly job: CompiledJob;
  readonly graph: JobGraph;
  /** Ordered by key; all steps of the selection, executed or not. */
  readonly steps: readonly PlannedStep[];
  readonly stepByKey: ReadonlyMap<string, PlannedStep>;
  /** In an order that can be executed one by one. */
  readonly stepKeysToExecute: readonly string[];
}

/** True when the request is about a part of its job. */
export const isSubset = (request: PlanRequest): boolean =>
  (request.assetSelection?.length ?? 0) + (request.checkSelection?.length ?? 0) > 0;

/** The nodes of a job, or of the selected part of it. Throws `InvalidSubsetError`. */
export function selectNodes(repository: CompiledRepository, request: PlanRequest): JobGraph {
  const job = requireJob(repository, request.jobName);
  if (!isSubset(request)) return job.graph;
  const selection = requestedEntities(repository, request);
  return layOutJob(partsOf(repository.assetGraph, selection), repository.opNames);
}

/** Steps of a run, from the same layout that the plan snapshot is written from. */
export function planRun(repository: CompiledRepository, request: PlanRequest): RunPlan {
  const graph = selectNodes(repository, request);
  const steps = graph.nodes.map(stepOf);
  const stepByKey = new Map(steps.map((step) => [step.key, step]));
  return {
    job: requireJob(repository, request.jobName),
    graph,
    steps,
    stepByKey,
    stepKeysToExecute: executedKeys(graph, request.stepKeysToExecute, stepByKey),
  };
}

function requestedEntities(repository: CompiledRepository, request: PlanRequest): EntitySelection {
  const graph = repository.assetGraph;
  const { assets, checks } = withChecks(
    (request.assetSelection ?? []).map((key) => requireAsset(graph, key)),
  );
  if (request.checkSelection === undefined) return { assets, checks };
  return { assets, checks: new Set(request.checkSelection.map((key) => requireCheck(graph, key))) };
}

function stepOf(node: JobNode): PlannedStep {
  const { definition } = node.op;
  return {
    key: node.name,
    node,
    assets: node.assets,
    checks: node.checks,
    upstream: node.upstreamNodes,
    ...(definition.pool === undefined ? {} : { pool: definition.pool }),
    ...(definition.retryPolicy === undefined ? {} : { retryPolicy: definition.retryPolicy }),
    tags: definition.opTags,
  };
}

function executedKeys(
  graph: JobGraph,
  wanted: readonly string[] | undefined,
  steps: ReadonlyMap<string, PlannedStep>,
): readonly string[] {
  if (wanted === undefined) return graph.executionOrder;
  const unknown = wanted.find((key) => !steps.has(key));
  if (unknown !== undefined) {
    throw new InvalidSubsetError(
      `step \`${unknown}\` is not part of this job${didYouMean(unknown, steps.keys())}`,
    );
  }
  const chosen = new Set(wanted);
  return graph.executionOrder.filter((key) => chosen.has(key));
}

import type { AssetJobDefinition, Definitions } from "../definitions/definitions.ts";
import { DefinitionsError } from "../definitions/errors.ts";
import type { ScheduleDefinition, SensorDefinition } from "../definitions/instigators.ts";
import { AssetKey } from "../definitions/keys.ts";
import { type PartitionsDefinition, partitionsId } from "../definitions/partitions.ts";
import { didYouMean } from "../text-distance.ts";
import { compareText } from "../wire/index.ts";
import type { ResourceMap } from "../definitions/resources.ts";
import { buildAssetGraph } from "./asset-graph.ts";
import { defaultAutomationSensor, refuseSharedTargets } from "./automation-sensor.ts";
import { checkJobConfig, requireResources } from "./check-configs.ts";
import { type JobGraph, layOutJob } from "./job-graph.ts";
import type { AssetGraph, AssetNode } from "./nodes.ts";
import { partsOf } from "./parts.ts";
import { type EntitySelection, resolveSelection } from "./selection.ts";

/** The job over everything that this location can run; it exists without being declared. */
export const ASSET_JOB = "__ASSET_JOB";
const ANONYMOUS_JOB_PREFIX = "__anonymous_asset_job_";

export interface CompiledJob {
  readonly name: string;
  /** Undefined for the implicit job and for the jobs of selections that schedules and sensors target. */
  readonly definition: AssetJobDefinition | undefined;
  readonly selection: EntitySelection;
  readonly graph: JobGraph;
  /** Those of the code location. */
  readonly resources: ResourceMap;
  /** Set when the assets share exactly one. */
  readonly partitionsDef: PartitionsDefinition | undefined;
}

/** Definitions, indexed once; everything that the server and the worker ask is answered from here. */
export interface CompiledRepository {
  readonly name: string;
  readonly definitions: Definitions;
  readonly assetGraph: AssetGraph;
  /** Ordered by name. */
  readonly jobs: readonly CompiledJob[];
  readonly jobByName: ReadonlyMap<string, CompiledJob>;
  /** Ordered by name. */
  readonly schedules: readonly ScheduleDefinition[];
  /** Ordered by name; holds the implicit automation sensor when one is needed. */
  readonly sensors: readonly SensorDefinition[];
  readonly opNames: ReadonlySet<string>;
}

/** The name that Dagster gives the job of a schedule or sensor that targets a selection. */
export const anonymousJobName = (instigator: string): string => ANONYMOUS_JOB_PREFIX + instigator;

/** Compiles in time linear in the number of assets. Throws `DefinitionsError` or `InvalidSubsetError`. */
export function compileRepository(definitions: Definitions): CompiledRepository {
  const assetGraph = buildAssetGraph(definitions);
  const opNames = new Set(assetGraph.ops.map((op) => op.name));
  refuseSharedTargets(assetGraph, definitions.sensors);
  const implicit = defaultAutomationSensor(assetGraph, definitions);
  const sensors = byName([...definitions.sensors, ...(implicit === undefined ? [] : [implicit])], "sensor");
  const schedules = byName(definitions.schedules, "schedule");
  refuseSharedNames(schedules, sensors);
  requireResources(assetGraph.ops, definitions.resources);
  const build = jobBuilder(assetGraph, opNames, definitions.resources);
  const jobs: CompiledJob[] = [];
  const everything = everythingIn(assetGraph);
  if (everything.assets.size + everything.checks.size > 0) jobs.push(build(ASSET_JOB, everything));
  for (const job of byName(definitions.jobs, "job")) jobs.push(declaredJob(job, assetGraph, build));
  for (const { name, target, type } of [
    ...schedules.map((schedule) => ({ ...schedule, type: "SCHEDULE" as const })),
    ...sensors,
  ]) {
    if (target.kind !== "selection" || type === "AUTO_MATERIALIZE") continue;
    jobs.push(build(anonymousJobName(name), resolveSelection(assetGraph, target.selection)));
  }
  jobs.sort((a, b) => compareText(a.name, b.name));
  const jobByName = new Map(jobs.map((job) => [job.name, job]));
  for (const instigator of [...schedules, ...sensors]) requireTarget(instigator, jobByName);
  return {
    name: "__repository__",
    definitions,
    assetGraph,
    jobs,
    jobByName,
    schedules,
    sensors,
    opNames,
  };
}

export function requireJob(repository: CompiledRepository, name: string): CompiledJob {
  const job = repository.jobByName.get(name);
  if (job !== undefined) return job;
  throw new DefinitionsError(
    `this code location has no job \`${name}\`${didYouMean(name, repository.jobByName.keys())}`,
  );
}

const everythingIn = (graph: AssetGraph): EntitySelection => ({
  assets: new Set(graph.assets.filter((asset) => asset.op !== undefined)),
  checks: new Set(graph.checks),
});

type BuildJob = (name: string, selection: EntitySelection, definition?: AssetJobDefinition) => CompiledJob;

const jobBuilder =
  (assetGraph: AssetGraph, opNames: ReadonlySet<string>, resources: ResourceMap): BuildJob =>
  (name, selection, definition) => ({
    name,
    definition,
    selection,
    graph: layOutJob(partsOf(assetGraph, selection), opNames),
    resources,
    partitionsDef: definition?.partitionsDef ?? sharedPartitions(selection.assets),
  });

function declaredJob(job: AssetJobDefinition, graph: AssetGraph, build: BuildJob): CompiledJob {
  if (job.name === ASSET_JOB || job.name.startsWith(ANONYMOUS_JOB_PREFIX)) {
    throw new DefinitionsError(`job name \`${job.name}\` is reserved; choose another`);
  }
  try {
    const selection = resolveSelection(graph, job.selection);
    refuseMixedPartitions(job, selection.assets);
    const compiled = build(job.name, selection, job);
    checkJobConfig(compiled);
    return compiled;
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    throw new DefinitionsError(`job \`${job.name}\`: ${error.message}`, { cause: error });
  }
}

function partitionsOf(assets: Iterable<AssetNode>): ReadonlyMap<string, AssetNode> {
  const found = new Map<string, AssetNode>();
  for (const asset of assets) {
    if (asset.partitionsDef === undefined) continue;
    const id = partitionsId(asset.partitionsDef);
    if (!found.has(id)) found.set(id, asset);
  }
  return found;
}

function sharedPartitions(assets: Iterable<AssetNode>): PartitionsDefinition | undefined {
  const found = partitionsOf(assets);
  const [only] = found.values();
  return found.size === 1 ? only?.partitionsDef : undefined;
}

function refuseMixedPartitions(job: AssetJobDefinition, assets: Iterable<AssetNode>): void {
  const found = partitionsOf(assets);
  const [first, second] = found.values();
  if (first !== undefined && second !== undefined) {
    const name = (asset: AssetNode): string => `\`${AssetKey.toUserString(asset.key)}\``;
    throw new DefinitionsError(
      `its assets must share one partitions definition, but those of ${name(first)} and ${name(second)} differ`,
    );
  }
  if (job.partitionsDef === undefined) return;
  const wanted = partitionsId(job.partitionsDef);
  for (const [id, asset] of found) {
    if (id === wanted) continue;
    const key = AssetKey.toUserString(asset.key);
    throw new DefinitionsError(`its partitions definition differs from that of asset \`${key}\``);
  }
}

function byName<T extends { readonly name: string }>(items: readonly T[], what: string): readonly T[] {
  const names = new Set<string>();
  for (const { name } of items) {
    if (names.has(name)) throw new DefinitionsError(`two ${what}s are named \`${name}\`; rename one`);
    names.add(name);
  }
  return items.toSorted((a, b) => compareText(a.name, b.name));
}

function refuseSharedNames(
  schedules: readonly { readonly name: string }[],
  sensors: readonly { readonly name: string }[],
): void {
  const names = new Set(schedules.map((schedule) => schedule.name));
  const shared = sensors.find((sensor) => names.has(sensor.name));
  if (shared === undefined) return;
  throw new DefinitionsError(`a schedule and a sensor are both named \`${shared.name}\`; rename one`);
}

function requireTarget(
  instigator: ScheduleDefinition | SensorDefinition,
  jobs: ReadonlyMap<string, CompiledJob>,
): void {
  const { target } = instigator;
  if (target.kind !== "job" || jobs.has(target.jobName)) return;
  throw new DefinitionsError(
    `${instigator.kind} \`${instigator.name}\` targets job \`${target.jobName}\`, which does not exist` +
      didYouMean(target.jobName, jobs.keys()),
  );
}

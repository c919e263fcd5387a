import type { Definitions } from "../definitions/definitions.ts";
import { DefinitionsError } from "../definitions/errors.ts";
import type { SelectionLike } from "../definitions/instigator-factories.ts";
import type { AssetCheckKey } from "../definitions/keys.ts";
import type { JsonObject } from "../definitions/metadata.ts";
import { type ResourceDefinition, type ResourceMap, resource } from "../definitions/resources.ts";
import type { EventRow } from "../instance/storage.ts";
import { compileRepository, type PlanRequest, planRun } from "../planning/index.ts";
import { didYouMean } from "../text-distance.ts";
import { assetCheckKey, assetKey } from "../snapshot/index.ts";
import { frozenSet, type WireValue } from "../wire/index.ts";
import { runSteps } from "../worker/plan/run-plan.ts";
import { executeRun } from "../worker/run/execute-run.ts";
import { planRequest } from "./plan-request.ts";
import { createRecordingInstance, type RecordingInstance } from "./recording-instance.ts";
import { type RunSummary, summarizeRun } from "./run-summary.ts";

export interface MaterializeOptions {
  /**
   * Default: everything that this location makes. Checks of the selected assets come along. Throws when it holds
   * nothing.
   */
  readonly selection?: SelectionLike;
  /** Exactly these checks instead of all checks of the selected assets. */
  readonly checks?: readonly AssetCheckKey[];
  readonly partitionKey?: string;
  /** Inclusive; all partitions in one run. */
  readonly partitionRange?: { readonly start: string; readonly end: string };
  readonly runTags?: Readonly<Record<string, string>>;
  /** As in the launchpad: `{ ops: { <op>: { config } }, resources: { <key>: { config } } }`. */
  readonly runConfig?: JsonObject;
  /** Values in place of what the resources under these keys would make, such as a fake. */
  readonly resources?: Readonly<Record<string, unknown>>;
  /** Runs this job with its config. Default: the job over everything; `selection` limits either. */
  readonly jobName?: string;
  /** Keeps history between runs; default: a fresh one, which has none. */
  readonly instance?: RecordingInstance;
  readonly signal?: AbortSignal;
  /** Sees each event as it is recorded. */
  readonly onEvent?: (event: EventRow) => void;
}

/**
 * Runs assets in this process without a Dagster host: the same worker, the same verdicts. Throws when the
 * selection names something that does not exist; failures of steps are in the result.
 */
export async function materialize(given: Definitions, options: MaterializeOptions = {}): Promise<RunSummary> {
  const instance = options.instance ?? createRecordingInstance();
  const definitions = withValues(given, options.resources ?? {});
  const repository = compileRepository(definitions);
  const request = planRequest(repository, options);
  const steps = runSteps(planRun(repository, request));
  const runId = instance.addRun({
    jobName: request.jobName,
    tags: { ...options.runTags, ...partitionTags(options) },
    fields: runFields(request, options),
  });
  const rows: EventRow[] = [];
  await executeRun({
    instance,
    runId,
    loadDefinitions: async () => definitions,
    signal: options.signal ?? new AbortController().signal,
    watch: (event) => {
      rows.push(event);
      options.onEvent?.(event);
    },
  });
  return summarizeRun(runId, steps, rows);
}

function withValues(definitions: Definitions, values: Readonly<Record<string, unknown>>): Definitions {
  const keys = Object.keys(values);
  if (keys.length === 0) return definitions;
  const known = Object.keys(definitions.resources);
  const unknown = keys.find((key) => !known.includes(key));
  if (unknown !== undefined) {
    throw new DefinitionsError(`there is no resource \`${unknown}\` to replace${didYouMean(unknown, known)}`);
  }
  return { ...definitions, resources: replaceIn(definitions.resources, values) };
}

/** A resource may lie under several keys, and others are built on it: all of them get the value. */
function replaceIn(resources: ResourceMap, values: Readonly<Record<string, unknown>>): ResourceMap {
  const replaced = new Map<ResourceDefinition | undefined, ResourceDefinition>(
    Object.keys(values).map((key) => [resources[key], resource({ create: () => values[key] })]),
  );
  const replacementOf = (definition: ResourceDefinition): ResourceDefinition => {
    const known = replaced.get(definition);
    if (known !== undefined) return known;
    const changed =
      definition.resources === undefined
        ? definition
        : { ...definition, resources: replacedMap(definition.resources) };
    replaced.set(definition, changed);
    return changed;
  };
  const replacedMap = (map: ResourceMap): ResourceMap =>
    Object.fromEntries(Object.entries(map).map(([key, definition]) => [key, replacementOf(definition)]));
  return replacedMap(resources);
}

function partitionTags({
  partitionKey,
  partitionRange,
}: MaterializeOptions): Readonly<Record<string, string>> {
  if (partitionKey !== undefined) return { "dagster/partition": partitionKey };
  if (partitionRange === undefined) return {};
  return {
    "dagster/asset_partition_range_start": partitionRange.start,
    "dagster/asset_partition_range_end": partitionRange.end,
  };
}

function runFields(request: PlanRequest, options: MaterializeOptions): Readonly<Record<string, WireValue>> {
  return {
    run_config: options.runConfig ?? {},
    ...(request.assetSelection === undefined
      ? {}
      : { asset_selection: frozenSet(request.assetSelection.map(assetKey)) }),
    ...(request.checkSelection === undefined
      ? {}
      : { asset_check_selection: frozenSet(request.checkSelection.map(assetCheckKey)) }),
  };
}

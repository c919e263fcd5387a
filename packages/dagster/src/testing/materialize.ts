import type { Definitions } from "../definitions/definitions.ts";
import type { AssetCheckKey, AssetKeyLike } from "../definitions/keys.ts";
import { AssetKey } from "../definitions/keys.ts";
import type { JsonObject } from "../definitions/metadata.ts";
import type { AssetSelection } from "../definitions/selection.ts";
import type { EventRow } from "../instance/storage.ts";
import {
  ASSET_JOB,
  compileRepository,
  type PlanRequest,
  planRun,
  resolveSelection,
} from "../planning/index.ts";
import { assetCheckKey, assetKey } from "../snapshot/index.ts";
import { frozenSet, type WireValue } from "../wire/index.ts";
import { runSteps } from "../worker/plan/run-plan.ts";
import { executeRun } from "../worker/run/execute-run.ts";
import { createRecordingInstance, type RecordingInstance } from "./recording-instance.ts";
import { type RunSummary, summarizeRun } from "./run-summary.ts";

export interface MaterializeOptions {
  /** Default: everything that this location makes. Checks of the selected assets come along. */
  readonly selection?: AssetSelection | readonly AssetKeyLike[];
  /** Exactly these checks instead of all checks of the selected assets. */
  readonly checks?: readonly AssetCheckKey[];
  readonly partitionKey?: string;
  /** Inclusive; all partitions in one run. */
  readonly partitionRange?: { readonly start: string; readonly end: string };
  readonly runTags?: Readonly<Record<string, string>>;
  readonly runConfig?: JsonObject;
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
export async function materialize(
  definitions: Definitions,
  options: MaterializeOptions = {},
): Promise<RunSummary> {
  const instance = options.instance ?? createRecordingInstance();
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

function planRequest(
  repository: ReturnType<typeof compileRepository>,
  options: MaterializeOptions,
): PlanRequest {
  const { selection, checks } = options;
  const checkSelection = checks === undefined ? {} : { checkSelection: checks };
  if (selection === undefined) return { jobName: ASSET_JOB, ...checkSelection };
  if ("kind" in selection) {
    const { assets } = resolveSelection(repository.assetGraph, selection);
    return { jobName: ASSET_JOB, assetSelection: [...assets].map((asset) => asset.key), ...checkSelection };
  }
  return { jobName: ASSET_JOB, assetSelection: selection.map(AssetKey.from), ...checkSelection };
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

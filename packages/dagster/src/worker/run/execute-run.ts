import type { AssetSpec } from "../../definitions/assets.ts";
import type { AssetJobDefinition, Definitions } from "../../definitions/definitions.ts";
import { plainConfig } from "../../definitions/job-config.ts";
import type { JsonObject } from "../../definitions/metadata.ts";
import { StorageError } from "../../instance/errors.ts";
import type { Instance } from "../../instance/open-instance.ts";
import type { EventRow, RunStatus } from "../../instance/storage.ts";
import { createClock } from "../../instance/time.ts";
import { compileRepository, planRun, resolveRunConfig } from "../../planning/index.ts";
import { errorInfo } from "../../wire/index.ts";
import type { EventSource } from "../events/entry.ts";
import {
  executingSteps,
  finishedSteps,
  processExited,
  processStarted,
  reportedEngineEvent,
  reportedFailure,
  runCanceled,
  runStarted,
} from "../events/run-events.ts";
import { interruptionOf } from "../events/step-errors.ts";
import { createEventTap, type EventTap } from "../logging/event-tap.ts";
import { createRunLogs, type RunLogs } from "../logging/run-logs.ts";
import { partitionsOf, readRunPartitions } from "../plan/partitions.ts";
import { runSteps as stepsOf } from "../plan/run-plan.ts";
import type { RunScope } from "../steps/step-scope.ts";
import { refusalEvents } from "./admission.ts";
import { stepLimit } from "./concurrency.ts";
import { earlierProgress, PROGRESS_EVENTS } from "./earlier-progress.ts";
import { createEventSink, EventNotStoredError, type EventSink } from "./event-sink.ts";
import { inputPartitions } from "./input-partitions.ts";
import { createInstanceReader } from "./instance-reader.ts";
import { hooksOf } from "./hooks.ts";
import { haveLastWord } from "./last-word.ts";
import { createPoolClaims } from "./pool-claims.ts";
import { createResourcePool } from "./resource-pool.ts";
import { configSection, previousAttempts, readRunDetails, type RunDetails } from "./run-row.ts";
import { runSteps, type StepsResult } from "./run-steps.ts";
import { tagLimits } from "./tag-limits.ts";
import { finalEvent, type StepsEnd } from "./verdict.ts";

export interface ExecuteRunOptions {
  readonly instance: Instance;
  readonly runId: string;
  /** Loads what the run is planned from; errors fail the run. */
  readonly loadDefinitions: (run: RunDetails, instance: Instance) => Promise<Definitions>;
  /** Cancels the run. */
  readonly signal: AbortSignal;
  /** Called once the run is known and will be worked on. */
  readonly onReady?: () => void;
  /** Sees every stored event. */
  readonly watch?: (event: EventRow) => void;
  /** Goes on with a run that another worker began. */
  readonly resume?: boolean;
  /** How long to try to write why the run ended, when its events cannot be stored. Default: one try. */
  readonly lastWordSeconds?: number;
}

export interface ExecuteRunResult {
  /** The run's status when the worker was done with it. */
  readonly status: RunStatus;
}

/**
 * Runs one run from its row to its final status. Throws when the run is not there or its events cannot be
 * stored; every other error becomes the run's own failure.
 */
export async function executeRun(options: ExecuteRunOptions): Promise<ExecuteRunResult> {
  const { instance, runId } = options;
  // Loading takes longest, so it begins before anything is read or written.
  const found = await instance.runs.getRun(runId);
  if (found === undefined) throw new StorageError("run_not_found", `run ${runId} is not in the run storage`);
  const details = readRunDetails(found);
  const loading = options.loadDefinitions(details, instance);
  loading.catch(() => undefined);
  options.onReady?.();

  const source: EventSource = { runId, jobName: found.jobName, clock: createClock(), pid: process.pid };
  const tap = createEventTap();
  const sink = createEventSink(instance, (event) => {
    options.watch?.(event);
    tap.see(event);
  });
  const logging: Logging = { tap, logs: undefined };
  try {
    await sink.emit(processStarted(source, options.resume ?? false));
    for (const notice of instance.notices) await sink.emit(reportedEngineEvent(source, notice));
    await work(options, details, { source, sink, logging }, loading);
    await sink.emit(processExited(source));
  } catch (error) {
    if (error instanceof EventNotStoredError) {
      await haveLastWord(instance, source, error, options.lastWordSeconds ?? 0);
      throw error;
    }
    await sink.emit(reportedEngineEvent(source, UNEXPECTED, errorInfo(error)));
    await failUnfinished(instance, { source, sink, logging }, error);
  } finally {
    await sink.flush().catch(() => undefined);
    sink.close();
    await logging.logs?.close();
  }
  return { status: (await instance.runs.getRun(runId))?.status ?? "FAILURE" };
}

const UNEXPECTED =
  "An exception was thrown during execution that is likely a framework error, rather than an error in user code.";

interface Output {
  readonly source: EventSource;
  readonly sink: EventSink;
  readonly logging: Logging;
}

interface Logging {
  readonly tap: EventTap;
  /** Once the run config is known. */
  logs: RunLogs | undefined;
}

async function failUnfinished(instance: Instance, { source, sink }: Output, error: unknown): Promise<void> {
  const status = (await instance.runs.getRun(source.runId))?.status;
  if (status === "SUCCESS" || status === "FAILURE" || status === "CANCELED") return;
  const message = error instanceof Error ? error.message : String(error);
  await sink.emit(reportedFailure(source, { reason: "RUN_EXCEPTION", message, error: errorInfo(error) }));
}

async function work(
  options: ExecuteRunOptions,
  details: RunDetails,
  output: Output,
  loading: Promise<Definitions>,
): Promise<void> {
  const { instance, runId } = options;
  const { source, sink } = output;
  const definitions = await loading.catch(async (error: unknown) => {
    await sink.emit(reportedEngineEvent(source, "Could not load job definition.", errorInfo(error)));
    await failUnfinished(instance, output, error);
    return undefined;
  });
  if (definitions === undefined) return;
  // Loading takes a while, in which the run may have been canceled.
  const current = (await instance.runs.getRun(runId)) ?? details.record;
  const refusals = refusalEvents(source, current, instance.settings, options.resume ?? false);
  for (const event of refusals) await sink.emit(event);
  if (refusals.length > 0) return;
  if (current.status === "CANCELING") {
    await sink.emit(runCanceled(source, errorInfo(interruptionOf(options.signal))));
    return;
  }

  if (options.resume !== true) await sink.emit(runStarted(source));
  const end = await runPlan(options, details, output, definitions);
  if (end.kind === "threw" && end.error instanceof EventNotStoredError) throw end.error;
  await sink.emit(await finalEvent(source, instance, end));
}

async function runPlan(
  options: ExecuteRunOptions,
  details: RunDetails,
  output: Output,
  definitions: Definitions,
): Promise<StepsEnd> {
  const { source, sink } = output;
  const { instance } = options;
  const { record } = details;
  const givenUp = new AbortController();
  const signal = AbortSignal.any([options.signal, givenUp.signal]);
  try {
    const repository = compileRepository(definitions);
    const plan = planRun(repository, {
      jobName: record.jobName,
      ...(details.assetSelection === undefined ? {} : { assetSelection: details.assetSelection }),
      ...(details.checkSelection === undefined ? {} : { checkSelection: details.checkSelection }),
      ...(details.stepKeys === undefined ? {} : { stepKeysToExecute: details.stepKeys }),
    });
    const steps = stepsOf(plan);
    const keys = steps.map((step) => step.key);
    const configs = resolveRunConfig({
      job: plan.job,
      steps,
      runConfig: details.runConfig,
      env: process.env,
    });
    const logs = await openLogs(instance, output, definitions, configs.runConfig, plan.job.definition);
    const partitions = readRunPartitions(record.tags);
    const partitionsOfSpec = memoize((spec: AssetSpec) =>
      partitionsOf(spec.partitionsDef, partitions, instance.events),
    );
    const resources = createResourcePool(definitions.resources, configs.resourceConfig, source, sink);
    const scope: RunScope = {
      source,
      sink,
      logs,
      instance,
      signal,
      partitions,
      reader: createInstanceReader(instance),
      runTags: record.tags,
      partitionsOf: partitionsOfSpec,
      inputPartitions: inputPartitions(repository.assetGraph, partitionsOfSpec, instance.events),
      opConfig: (step) => configs.opConfig(step.key),
      resources: (wanted) => resources.get(wanted),
    };
    await sink.emit(executingSteps(source, keys));
    const begun = performance.now();
    const result = await withResources(resources, scope, async () =>
      runSteps({
        scope,
        steps,
        pools: createPoolClaims(instance.events.pools, instance.settings.pools, {
          runId: record.runId,
          priority: Number.parseInt(record.tags["dagster/priority"] ?? "0", 10) || 0,
        }),
        limit: stepLimit(configs.runConfig, record.tags),
        hooksOf: (step) => hooksOf(step, plan.job.definition?.hooks),
        giveUp: (error) => givenUp.abort(error),
        tagLimits: tagLimits(configs.runConfig),
        previousAttempts: await attemptsBefore(instance, details),
        ...(options.resume === true
          ? { earlier: earlierProgress(await instance.events.runEvents(record.runId, PROGRESS_EVENTS)) }
          : {}),
      }),
    );
    if (result.interruption === undefined)
      await sink.emit(finishedSteps(source, keys, performance.now() - begun));
    return { kind: "ended", result };
  } catch (error) {
    return { kind: "threw", error };
  }
}

/** The loggers that the run chose; those of the job, when it chose none. */
async function openLogs(
  { settings }: Instance,
  { source, sink, logging }: Output,
  definitions: Definitions,
  runConfig: JsonObject,
  job: AssetJobDefinition | undefined,
): Promise<RunLogs> {
  const given = configSection(runConfig, "loggers");
  const chosen =
    Object.keys(given).length > 0 ? given : configSection(plainConfig(job?.config) ?? {}, "loggers");
  const loggers = definitions.loggers ?? {};
  const logs = createRunLogs({ source, sink, settings: settings.pythonLogs, loggers, chosen });
  logging.logs = logs;
  logging.tap.listen(logs.event);
  for (const notice of logs.notices) await sink.emit(reportedEngineEvent(source, notice));
  return logs;
}

async function withResources(
  resources: ReturnType<typeof createResourcePool>,
  { source, sink }: Pick<Output, "source" | "sink">,
  run: () => Promise<StepsResult>,
): Promise<StepsResult> {
  try {
    return await run();
  } finally {
    for (const error of await resources.dispose()) {
      await sink.emit(
        reportedEngineEvent(source, "Exception while disposing of a resource", errorInfo(error)),
      );
    }
  }
}

/** Only a re-execution has earlier attempts; other runs need not read the plan. */
async function attemptsBefore(
  instance: Instance,
  details: RunDetails,
): Promise<Readonly<Record<string, number>>> {
  if (details.parentRunId === undefined || details.planSnapshotId === undefined) return {};
  return previousAttempts(await instance.runs.getSnapshot(details.planSnapshotId));
}

function memoize<K extends object, V>(compute: (key: K) => V): (key: K) => V {
  const known = new WeakMap<K, { readonly value: V }>();
  return (key) => {
    const hit = known.get(key);
    if (hit !== undefined) return hit.value;
    const value = compute(key);
    known.set(key, { value });
    return value;
  };
}

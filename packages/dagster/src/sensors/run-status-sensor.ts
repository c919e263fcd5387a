import type { AssetJobDefinition } from "../definitions/definitions.ts";
import { DefinitionsError } from "../definitions/errors.ts";
import { type SensorOptions, type SensorReturn, sensorOf } from "../definitions/instigator-factories.ts";
import type {
  RunInfo,
  RunOrigin,
  RunStatusEvent,
  RunStatusName,
  StepFailure,
} from "../definitions/instance-reader.ts";
import type {
  RunReaction,
  SensorContext,
  SensorDefinition,
  SensorResult,
  WithResources,
} from "../definitions/instigators.ts";
import type { ResourceMap } from "../definitions/resources.ts";
import { withoutCursor } from "./managed-cursor.ts";
import { readRunStatusCursor, runStatusCursor } from "./run-status-cursor.ts";

/** A job of this location by definition or name, a job elsewhere, or a whole other location. */
export type MonitoredJob =
  | AssetJobDefinition
  | string
  | { readonly locationName: string; readonly repositoryName?: string; readonly jobName?: string };

export interface RunFailureSensorOptions<R extends ResourceMap = ResourceMap> extends SensorOptions<R> {
  /** Default: every job of this code location. */
  readonly monitoredJobs?: readonly MonitoredJob[];
  /** Every run of the deployment, wherever its job is defined. Excludes `monitoredJobs`. */
  readonly monitorAllCodeLocations?: boolean;
}

export interface RunStatusSensorOptions<R extends ResourceMap = ResourceMap>
  extends RunFailureSensorOptions<R> {
  readonly status: RunStatusName;
}

export interface RunStatusSensorContext extends SensorContext {
  readonly run: RunInfo;
  readonly event: RunStatusEvent;
  readonly partitionKey?: string;
}

export interface RunFailureSensorContext extends RunStatusSensorContext {
  /** The steps that failed for good, with their errors. */
  stepFailures(): Promise<readonly StepFailure[]>;
}

/** Dagster's own limits per tick: how many events are read, and how many runs the function is called for. */
const READ_LIMIT = 25;
const CALL_LIMIT = 5;
const DEFAULT_REPOSITORY = "__repository__";

/**
 * Calls its function once for each run that reaches the status after the sensor was started. The first
 * tick only notes where the event log is. When the function asks for runs the tick ends there, and the
 * next one goes on; when it throws, the tick fails and that run is not tried again.
 */
export function runStatusSensor<R extends ResourceMap = Record<never, never>>(
  options: RunStatusSensorOptions<R>,
  run: (context: WithResources<RunStatusSensorContext, R>) => SensorReturn | Promise<SensorReturn>,
): SensorDefinition {
  const { name, status, monitoredJobs = [], monitorAllCodeLocations: all = false } = options;
  if (all && monitoredJobs.length > 0) {
    throw new DefinitionsError(
      `sensor \`${name}\` names monitored jobs and monitors all code locations; choose one`,
    );
  }
  const isMonitored = all ? () => true : monitorOf(monitoredJobs);
  return sensorOf(options, "RUN_STATUS", async (context) => {
    const afterId = readRunStatusCursor(context.cursor);
    if (afterId === undefined) return firstTick(context, status);
    const limit = all ? CALL_LIMIT : READ_LIMIT;
    const events = await context.instance.runStatusEvents({ status, afterId: Math.max(afterId, 0), limit });
    return react(context, events, isMonitored, async (found, event) =>
      withoutCursor(
        name,
        await run(contextOf(context, found, event) as WithResources<RunStatusSensorContext, R>),
      ),
    );
  });
}

/** `runStatusSensor` for runs that fail. */
export function runFailureSensor<R extends ResourceMap = Record<never, never>>(
  options: RunFailureSensorOptions<R>,
  run: (context: WithResources<RunFailureSensorContext, R>) => SensorReturn | Promise<SensorReturn>,
): SensorDefinition {
  return runStatusSensor({ ...options, status: "FAILURE" }, (context) =>
    run({
      ...context,
      stepFailures: () => context.instance.stepFailures(context.run.runId),
    }),
  );
}

async function firstTick(context: SensorContext, status: RunStatusName): Promise<SensorResult> {
  const [newest] = await context.instance.runStatusEvents({ status, limit: 1, newestFirst: true });
  return {
    skipReason: `${context.sensorName} starts after event ${newest?.eventId ?? "0, the beginning"}`,
    cursor: runStatusCursor(newest),
  };
}

async function react(
  context: SensorContext,
  events: readonly RunStatusEvent[],
  isMonitored: (run: RunInfo, own: RunOrigin | undefined) => boolean,
  call: (run: RunInfo, event: RunStatusEvent) => Promise<SensorResult>,
): Promise<SensorResult> {
  const runReactions: RunReaction[] = [];
  let seen: RunStatusEvent | undefined;
  const place = () => (seen === undefined ? {} : { cursor: runStatusCursor(seen) });
  for (const event of events) {
    const run = await context.instance.run(event.runId);
    if (run !== undefined && isMonitored(run, context.origin)) {
      if (runReactions.length >= CALL_LIMIT) break;
      const reaction = { run, status: event.status };
      try {
        const result = await call(run, event);
        if (asksForSomething(result)) {
          return { ...besides(runReactions, result), cursor: runStatusCursor(event) };
        }
        runReactions.push(reaction);
      } catch (error) {
        runReactions.push({ ...reaction, error: error ?? new Error("undefined was thrown") });
      }
    }
    seen = event;
  }
  return runReactions.length === 0
    ? { skipReason: "no monitored run has reached the status since the last tick", ...place() }
    : { runReactions, ...place() };
}

/** The host refuses a skip reason beside reactions. */
function besides(runReactions: readonly RunReaction[], result: SensorResult): SensorResult {
  if (runReactions.length === 0) return result;
  const { skipReason: _dropped, ...wishes } = result;
  return { ...wishes, runReactions };
}

const asksForSomething = (result: SensorResult): boolean =>
  [result.skipReason, result.runRequests, result.dynamicPartitionsRequests, result.assetEvents].some(
    (wish) => wish !== undefined,
  );

function contextOf(context: SensorContext, run: RunInfo, event: RunStatusEvent): RunStatusSensorContext {
  const partitionKey = run.tags["dagster/partition"];
  return { ...context, run, event, ...(partitionKey === undefined ? {} : { partitionKey }) };
}

function monitorOf(jobs: readonly MonitoredJob[]) {
  const own = new Set<string>();
  const elsewhere = new Set<string>();
  const place = (location: string, repository: string, job?: string): string =>
    JSON.stringify([location, repository, job ?? null]);
  for (const job of jobs) {
    if (typeof job === "string") own.add(job);
    else if ("kind" in job) own.add(job.name);
    else elsewhere.add(place(job.locationName, job.repositoryName ?? DEFAULT_REPOSITORY, job.jobName));
  }
  return ({ jobName, origin }: RunInfo, here: RunOrigin | undefined): boolean => {
    const isOwn =
      origin?.locationName === here?.locationName && origin?.repositoryName === here?.repositoryName;
    if (isOwn && (jobs.length === 0 || own.has(jobName))) return true;
    if (origin === undefined) return false;
    const { locationName, repositoryName } = origin;
    return (
      elsewhere.has(place(locationName, repositoryName, jobName)) ||
      elsewhere.has(place(locationName, repositoryName))
    );
  };
}

import { keysOf } from "../definitions/asset-ref.ts";
import { DefinitionsError } from "../definitions/errors.ts";
import { isPartitionedConfig } from "../definitions/job-config.ts";
import type { JsonObject } from "../definitions/metadata.ts";
import type {
  DynamicPartitionsRequest,
  RunReaction,
  RunRequest,
  ScheduleDefinition,
  ScheduleResult,
  SensorDefinition,
  SensorResult,
} from "../definitions/instigators.ts";
import { AssetKey } from "../definitions/keys.ts";
import { type CompiledRepository, requireJob } from "../planning/index.ts";
import { errorInfo, type WireObject, type WireValue, wire, wireEnum, wireText } from "../wire/index.ts";
import { targetJobName } from "./instigators.ts";
import { assetCheckKey, assetKey } from "./keys.ts";
import { partitionTags } from "./partition-replies.ts";
import { runlessEvent } from "./runless-events.ts";

/** `ScheduleExecutionData` for what a schedule's function returned. */
export function scheduleTick(
  repository: CompiledRepository,
  schedule: ScheduleDefinition,
  result: ScheduleResult,
  logKey: readonly string[] | undefined,
): WireObject {
  const requests = result.runRequests ?? [];
  refuseBoth(`schedule \`${schedule.name}\``, requests, result.skipReason);
  const job = targetJobName(schedule.name, schedule.target);
  return wire("ScheduleExecutionData", {
    run_requests: requests.map((request) =>
      runRequest(repository, request, job, { "dagster/schedule_name": schedule.name }),
    ),
    skip_message: result.skipReason ?? null,
    captured_log_key: logKey ?? null,
  });
}

/** `SensorExecutionData`; `cursor` is the one before the tick, kept when the sensor gave none. */
export function sensorTick(
  repository: CompiledRepository,
  sensor: SensorDefinition,
  result: SensorResult,
  cursor: string | undefined,
  logKey: readonly string[] | undefined,
): WireObject {
  const requests = result.runRequests ?? [];
  refuseBoth(`sensor \`${sensor.name}\``, requests, result.skipReason);
  const job = targetJobName(sensor.name, sensor.target);
  if (requests.length > 0 && job === undefined) {
    throw new DefinitionsError(`sensor \`${sensor.name}\` asked for a run, but it has no target`);
  }
  return wire("SensorExecutionData", {
    run_requests: requests.map((request) =>
      runRequest(repository, request, job, { "dagster/sensor_name": sensor.name }),
    ),
    skip_message: result.skipReason ?? null,
    cursor: result.cursor ?? cursor ?? null,
    dynamic_partitions_requests: (result.dynamicPartitionsRequests ?? []).flatMap(dynamicPartitions),
    pipeline_run_reactions: (result.runReactions ?? []).map(runReaction),
    asset_events: (result.assetEvents ?? []).map((event) => runlessEvent(repository, event)),
    automation_condition_evaluations: [],
    captured_log_key: logKey ?? null,
  });
}

function runReaction({ run, status, error }: RunReaction): WireObject {
  return wire("PipelineRunReaction", {
    pipeline_run: wireText(run.serialized),
    error: error === undefined ? null : errorInfo(error),
    run_status: wireEnum("PipelineRunStatus", status),
  });
}

function refuseBoth(who: string, requests: readonly RunRequest[], skip: string | undefined): void {
  if (requests.length > 0 && skip !== undefined) {
    throw new DefinitionsError(`${who} returned both run requests and a skip reason; return one of them`);
  }
}

function runRequest(
  repository: CompiledRepository,
  request: RunRequest,
  defaultJob: string | undefined,
  ownTags: Readonly<Record<string, string>>,
): WireObject {
  const tags: Record<string, string> = { ...request.tags, ...ownTags };
  const jobName = request.jobName ?? defaultJob;
  if (request.partitionKey !== undefined && jobName !== undefined) {
    Object.assign(tags, partitionTags(requestPartitions(repository, request, jobName), request.partitionKey));
  }
  return wire("RunRequest", {
    run_key: request.runKey ?? null,
    run_config: request.runConfig ?? partitionConfigOf(repository, jobName, request.partitionKey),
    tags,
    job_name: request.jobName ?? null,
    asset_selection: request.assetSelection?.flatMap(keysOf).map(assetKey) ?? null,
    asset_check_keys: request.assetCheckKeys?.map(assetCheckKey) ?? null,
    partition_key: request.partitionKey ?? null,
    stale_assets_only: false,
    asset_graph_subset: null,
  });
}

function partitionConfigOf(
  repository: CompiledRepository,
  jobName: string | undefined,
  partitionKey: string | undefined,
): JsonObject {
  if (jobName === undefined || partitionKey === undefined) return {};
  const config = requireJob(repository, jobName).definition?.config;
  return isPartitionedConfig(config) ? config.forPartition(partitionKey) : {};
}

/** The partitions that a request's key is one of: those of its job, else of the assets that it selects. */
export const requestPartitions = (repository: CompiledRepository, request: RunRequest, jobName: string) =>
  requireJob(repository, jobName).partitionsDef ?? selectedPartitions(repository, request);

function selectedPartitions(repository: CompiledRepository, request: RunRequest) {
  const [first] = (request.assetSelection ?? []).flatMap(keysOf);
  if (first === undefined) return undefined;
  return repository.assetGraph.assetById.get(AssetKey.id(first))?.partitionsDef;
}

function dynamicPartitions(request: DynamicPartitionsRequest): WireValue[] {
  const replies: WireValue[] = [];
  const { partitionsDefName } = request;
  if ((request.add?.length ?? 0) > 0) {
    replies.push(
      wire("AddDynamicPartitionsRequest", {
        partitions_def_name: partitionsDefName,
        partition_keys: request.add ?? [],
      }),
    );
  }
  if ((request.delete?.length ?? 0) > 0) {
    replies.push(
      wire("DeleteDynamicPartitionsRequest", {
        partitions_def_name: partitionsDefName,
        partition_keys: request.delete ?? [],
      }),
    );
  }
  return replies;
}

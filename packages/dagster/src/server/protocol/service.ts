import type { DecodedMessage, EncodableMessage, MessageShape } from "./codec.ts";

const one = <N extends string>(name: N) =>
  ({ [name]: [1, "string"] }) as unknown as { readonly [K in N]: readonly [1, "string"] };

const empty = {} as const;
const ping = one("echo");
const partitionArgs = one("serialized_partition_args");
const repositoryRequest = {
  serialized_repository_python_origin: [1, "string"],
  defer_snapshots: [2, "bool"],
} as const;
const chunk = { sequence_number: [1, "int32"], serialized_chunk: [2, "string"] } as const;
const scheduleArgs = one("serialized_external_schedule_execution_args");
const sensorArgs = one("serialized_external_sensor_execution_args");

interface Method<Q extends MessageShape, R extends MessageShape, S extends boolean> {
  readonly request: Q;
  readonly reply: R;
  readonly streams: S;
}

const unary = <Q extends MessageShape, R extends MessageShape>(
  request: Q,
  reply: R,
): Method<Q, R, false> => ({
  request,
  reply,
  streams: false,
});
const stream = <Q extends MessageShape, R extends MessageShape>(
  request: Q,
  reply: R,
): Method<Q, R, true> => ({
  request,
  reply,
  streams: true,
});

/** Every method of `api.DagsterApi`: field numbers read from the descriptors of Dagster 1.13. */
export const methods = {
  Ping: unary(ping, { echo: [1, "string"], serialized_server_utilization_metrics: [2, "string"] } as const),
  Heartbeat: unary(ping, { echo: [1, "string"] } as const),
  StreamingPing: stream(
    { sequence_length: [1, "int32"], echo: [2, "string"] } as const,
    { sequence_number: [1, "int32"], echo: [2, "string"] } as const,
  ),
  GetServerId: unary(empty, one("server_id")),
  ExecutionPlanSnapshot: unary(
    one("serialized_execution_plan_snapshot_args"),
    one("serialized_execution_plan_snapshot"),
  ),
  ListRepositories: unary(empty, one("serialized_list_repositories_response_or_error")),
  ExternalPartitionNames: unary(
    one("serialized_partition_names_args"),
    one("serialized_external_partition_names_or_external_partition_execution_error"),
  ),
  ExternalNotebookData: unary(one("notebook_path"), { content: [1, "bytes"] } as const),
  ExternalPartitionConfig: unary(
    partitionArgs,
    one("serialized_external_partition_config_or_external_partition_execution_error"),
  ),
  ExternalPartitionTags: unary(
    partitionArgs,
    one("serialized_external_partition_tags_or_external_partition_execution_error"),
  ),
  ExternalPartitionSetExecutionParams: stream(one("serialized_partition_set_execution_param_args"), chunk),
  ExternalPipelineSubsetSnapshot: unary(
    one("serialized_pipeline_subset_snapshot_args"),
    one("serialized_external_pipeline_subset_result"),
  ),
  ExternalRepository: unary(repositoryRequest, one("serialized_external_repository_data")),
  ExternalJob: unary(
    { serialized_repository_origin: [1, "string"], job_name: [2, "string"] } as const,
    { serialized_job_data: [1, "string"], serialized_error: [2, "string"] } as const,
  ),
  StreamingExternalRepository: stream(repositoryRequest, {
    sequence_number: [1, "int32"],
    serialized_external_repository_chunk: [2, "string"],
  } as const),
  ExternalScheduleExecution: stream(scheduleArgs, chunk),
  SyncExternalScheduleExecution: unary(scheduleArgs, one("serialized_schedule_result")),
  ExternalSensorExecution: stream(sensorArgs, chunk),
  SyncExternalSensorExecution: unary(sensorArgs, one("serialized_sensor_result")),
  ShutdownServer: unary(empty, one("serialized_shutdown_server_result")),
  CancelExecution: unary(
    one("serialized_cancel_execution_request"),
    one("serialized_cancel_execution_result"),
  ),
  CanCancelExecution: unary(
    one("serialized_can_cancel_execution_request"),
    one("serialized_can_cancel_execution_result"),
  ),
  StartRun: unary(one("serialized_execute_run_args"), one("serialized_start_run_result")),
  GetCurrentImage: unary(empty, one("serialized_current_image")),
  GetCurrentRuns: unary(empty, one("serialized_current_runs")),
  ReloadCode: unary(empty, { serialized_error: [2, "string"] } as const),
  RefreshComponentState: unary(
    { defs_state_keys: [1, "strings"] } as const,
    { serialized_error: [1, "string"], serialized_defs_state_info: [2, "string"] } as const,
  ),
  ReloadCodeWithState: unary(one("serialized_defs_state_info"), {
    serialized_error: [1, "string"],
    serialized_server_id: [2, "string"],
  } as const),
} as const;

export type MethodName = keyof typeof methods;
export type RequestOf<M extends MethodName> = DecodedMessage<(typeof methods)[M]["request"]>;
export type ReplyOf<M extends MethodName> = EncodableMessage<(typeof methods)[M]["reply"]>;

/** One function per method; streaming methods yield their events. */
export type Handlers = {
  readonly [M in MethodName]: (typeof methods)[M]["streams"] extends true
    ? (request: RequestOf<M>) => AsyncIterable<ReplyOf<M>>
    : (request: RequestOf<M>) => Promise<ReplyOf<M>> | ReplyOf<M>;
};

export const SERVICE_NAME = "api.DagsterApi";

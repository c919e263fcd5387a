import { readStateInfo } from "../state/state-info.ts";
import { asObject, errorInfo, readObject, readText, type WireValue, wire, writeWire } from "../wire/index.ts";
import type {
  ArgumentRequestKind,
  LocationAnswer,
  LocationIdentity,
  LocationRequest,
} from "./code-location.ts";
import { LocationLoadError } from "./code-location.ts";
import type { LocationHost } from "./location-host.ts";
import type { Handlers } from "./protocol/service.ts";
import { RpcError, STATUS } from "./protocol/status.ts";
import type { RunSupervisor } from "./runs/run-supervisor.ts";
import { type WholeAnswer, wholeAnswer } from "./whole-answer.ts";

/** The parts of the server that answer requests. */
export interface ServerParts {
  readonly host: LocationHost;
  readonly runs: RunSupervisor;
  readonly identity: LocationIdentity;
  /** Refreshes state and gives the serialised versions. */
  readonly refresh: (keys: readonly string[]) => Promise<string>;
  readonly heartbeat: () => void;
  /** True once the server was told to end; no run is started any more. */
  readonly isShuttingDown: () => boolean;
  readonly shutDown: () => void;
}

async function* pieces(
  answer: LocationAnswer,
): AsyncGenerator<{ sequence_number: number; serialized_chunk: Uint8Array }> {
  let sequence_number = 0;
  for await (const serialized_chunk of answer.chunks)
    yield { sequence_number: sequence_number++, serialized_chunk };
}

const serialisedError = (error: unknown): string =>
  error instanceof LocationLoadError ? error.payload : writeWire(errorInfo(error));

const startResult = (success: boolean, message: string | null, error: WireValue = null): string =>
  writeWire(wire("StartRunResult", { success, message, serializable_error_info: error }));

const startRun = async (parts: ServerParts, args: string): Promise<string> => {
  if (parts.isShuttingDown()) {
    return startResult(false, "Tried to start a run on a server after telling it to shut down");
  }
  try {
    const request = readObject(args, "ExecuteExternalPipelineArgs");
    const runId = readText(request.pipeline_run_id) ?? "";
    const instanceRef = writeWire(asObject(request.instance_ref, "InstanceRef") as WireValue);
    await parts.runs.start({ runId, instanceRef, args });
    return startResult(true, null);
  } catch (error) {
    return startResult(false, error instanceof Error ? error.message : String(error), errorInfo(error));
  }
};

const runIdOf = (text: string, className: string): string =>
  readText(readObject(text, className).run_id) ?? "";

const cancel = (parts: ServerParts, text: string): string => {
  try {
    const success = parts.runs.cancel(runIdOf(text, "CancelExecutionRequest"));
    return writeWire(
      wire("CancelExecutionResult", { success, message: null, serializable_error_info: null }),
    );
  } catch (error) {
    const info = errorInfo(error);
    return writeWire(
      wire("CancelExecutionResult", { success: false, message: null, serializable_error_info: info }),
    );
  }
};

async function* repeatPing(
  length: number,
  echo: string,
): AsyncGenerator<{ sequence_number: number; echo: string }> {
  for (let sequence_number = 0; sequence_number < length; sequence_number++) yield { sequence_number, echo };
}

/** Implements every method of the service; user-code failures become typed payloads. */
export const createHandlers = (parts: ServerParts): Handlers => {
  const { host, identity } = parts;
  const ask = (request: LocationRequest): Promise<LocationAnswer> => host.ask(request);
  const askWhole = async (request: LocationRequest): Promise<WholeAnswer> =>
    wholeAnswer(request, await ask(request));
  const askText = async (kind: ArgumentRequestKind, args: string): Promise<Uint8Array> =>
    (await askWhole({ kind, args })).text;
  return {
    Ping: ({ echo }) => ({ echo }),
    Heartbeat: ({ echo }) => {
      parts.heartbeat();
      return { echo };
    },
    StreamingPing: ({ sequence_length, echo }) => repeatPing(sequence_length, echo),
    GetServerId: () => ({ server_id: host.serverId }),
    ListRepositories: async () => ({
      serialized_list_repositories_response_or_error: (await askWhole({ kind: "listRepositories" })).text,
    }),
    ExternalRepository: async ({ defer_snapshots }) => ({
      serialized_external_repository_data: (
        await askWhole({ kind: "repository", deferSnapshots: defer_snapshots })
      ).text,
    }),
    async *StreamingExternalRepository({ defer_snapshots }) {
      const answer = await ask({ kind: "repository", deferSnapshots: defer_snapshots });
      for await (const { sequence_number, serialized_chunk } of pieces(answer)) {
        yield { sequence_number, serialized_external_repository_chunk: serialized_chunk };
      }
    },
    ExternalJob: async ({ job_name }) => {
      const { isError, text } = await askWhole({ kind: "job", jobName: job_name });
      return isError ? { serialized_error: text } : { serialized_job_data: text };
    },
    ExternalPipelineSubsetSnapshot: async (request) => ({
      serialized_external_pipeline_subset_result: await askText(
        "subset",
        request.serialized_pipeline_subset_snapshot_args,
      ),
    }),
    ExecutionPlanSnapshot: async (request) => ({
      serialized_execution_plan_snapshot: await askText(
        "plan",
        request.serialized_execution_plan_snapshot_args,
      ),
    }),
    ExternalPartitionNames: async (request) => ({
      serialized_external_partition_names_or_external_partition_execution_error: await askText(
        "partitionNames",
        request.serialized_partition_names_args,
      ),
    }),
    ExternalPartitionConfig: async (request) => ({
      serialized_external_partition_config_or_external_partition_execution_error: await askText(
        "partitionConfig",
        request.serialized_partition_args,
      ),
    }),
    ExternalPartitionTags: async (request) => ({
      serialized_external_partition_tags_or_external_partition_execution_error: await askText(
        "partitionTags",
        request.serialized_partition_args,
      ),
    }),
    async *ExternalPartitionSetExecutionParams(request) {
      yield* pieces(
        await ask({
          kind: "partitionSetParams",
          args: request.serialized_partition_set_execution_param_args,
        }),
      );
    },
    async *ExternalScheduleExecution(request) {
      yield* pieces(
        await ask({ kind: "schedule", args: request.serialized_external_schedule_execution_args }),
      );
    },
    SyncExternalScheduleExecution: async (request) => ({
      serialized_schedule_result: await askText(
        "schedule",
        request.serialized_external_schedule_execution_args,
      ),
    }),
    async *ExternalSensorExecution(request) {
      yield* pieces(await ask({ kind: "sensor", args: request.serialized_external_sensor_execution_args }));
    },
    SyncExternalSensorExecution: async (request) => ({
      serialized_sensor_result: await askText("sensor", request.serialized_external_sensor_execution_args),
    }),
    ExternalNotebookData: ({ notebook_path }) => {
      throw new RpcError(
        STATUS.unimplemented,
        `notebook ${notebook_path} cannot be shown: notebooks are not supported here`,
      );
    },
    StartRun: async ({ serialized_execute_run_args }) => ({
      serialized_start_run_result: await startRun(parts, serialized_execute_run_args),
    }),
    CancelExecution: ({ serialized_cancel_execution_request }) => ({
      serialized_cancel_execution_result: cancel(parts, serialized_cancel_execution_request),
    }),
    CanCancelExecution: ({ serialized_can_cancel_execution_request }) => {
      const runId = runIdOf(serialized_can_cancel_execution_request, "CanCancelExecutionRequest");
      const can_cancel = parts.runs.canCancel(runId);
      return {
        serialized_can_cancel_execution_result: writeWire(wire("CanCancelExecutionResult", { can_cancel })),
      };
    },
    GetCurrentRuns: () => ({
      serialized_current_runs: writeWire(
        wire("GetCurrentRunsResult", {
          current_runs: parts.runs.currentRuns(),
          serializable_error_info: null,
        }),
      ),
    }),
    GetCurrentImage: () => ({
      serialized_current_image: writeWire(
        wire("GetCurrentImageResult", {
          current_image: identity.containerImage ?? null,
          serializable_error_info: null,
        }),
      ),
    }),
    ReloadCode: async () => {
      // A failed load is told with the repository list, where the host shows it with its stack.
      await host.reload();
      return {};
    },
    RefreshComponentState: async ({ defs_state_keys }) => {
      try {
        return { serialized_defs_state_info: await parts.refresh(defs_state_keys) };
      } catch (error) {
        return { serialized_error: serialisedError(error) };
      }
    },
    ReloadCodeWithState: async ({ serialized_defs_state_info }) => {
      try {
        const text = serialized_defs_state_info;
        const serverId = await host.reloadWithState(text === "" ? undefined : readStateInfo(text));
        return { serialized_server_id: serverId };
      } catch (error) {
        return { serialized_error: serialisedError(error) };
      }
    },
    ShutdownServer: () => {
      parts.shutDown();
      return {
        serialized_shutdown_server_result: writeWire(
          wire("ShutdownServerResult", { success: true, serializable_error_info: null }),
        ),
      };
    },
  };
};

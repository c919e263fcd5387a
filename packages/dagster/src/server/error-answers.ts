import { type WireValue, wire, writeWire } from "../wire/index.ts";
import type { LocationRequestKind } from "./code-location.ts";
import type { ThreadAnswer } from "./thread-messages.ts";

/** Each method has its own class for failures of user code; a gRPC status would look like a dead server. */
const wrapError = (kind: LocationRequestKind, error: WireValue): WireValue => {
  switch (kind) {
    case "listRepositories":
    case "job":
      return error;
    case "repository":
      return wire("ExternalRepositoryErrorData", { error });
    case "subset":
      return wire("ExternalPipelineSubsetResult", { success: false, error });
    case "plan":
      return wire("ExecutionPlanSnapshotErrorData", { error });
    case "partitionNames":
    case "partitionConfig":
    case "partitionTags":
    case "partitionSetParams":
      return wire("ExternalPartitionExecutionErrorData", { error });
    case "schedule":
      return wire("ExternalScheduleExecutionErrorData", { error });
    case "sensor":
      return wire("ExternalSensorExecutionErrorData", { error });
    default: {
      const never: never = kind;
      throw new TypeError(`unknown request ${String(never)}`);
    }
  }
};

/** The failure reply of a request. `error` is a `SerializableErrorInfo`, as an object or as finished text. */
export const errorAnswer = (kind: LocationRequestKind, error: WireValue): ThreadAnswer => ({
  isError: true,
  chunks: [Buffer.from(writeWire(wrapError(kind, error)), "latin1")],
});

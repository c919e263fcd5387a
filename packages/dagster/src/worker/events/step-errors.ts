import { Failure, type RetryRequested } from "../../definitions/events.ts";
import {
  errorInfo,
  wire,
  type WireEnums,
  wireEnum,
  type WireObject,
  type WireValue,
  writeWire,
} from "../../wire/index.ts";
import { metadataEntries } from "../../snapshot/metadata.ts";

type ErrorSource = WireEnums["ErrorSource"];

/** The framework's own complaint about a step, not an error that user code threw. */
export class StepError extends Error {
  override readonly name: string = "DagsterInvariantViolationError";
}

/** A step ended without having made what it was asked to make. */
export class MissingOutputError extends StepError {
  override readonly name = "DagsterStepOutputNotFoundError";
}

/** Blocking checks failed with severity ERROR. */
export class BlockingCheckError extends StepError {
  override readonly name = "DagsterAssetCheckFailedError";
}

/** The run was canceled, or its process was told to stop. */
export class InterruptedError extends Error {
  override readonly name = "DagsterExecutionInterruptedError";
}

/** Something threw where nobody could catch it, so that it is unknown what else did not happen. */
export class UncaughtError extends InterruptedError {
  constructor(cause: unknown) {
    const reason = cause instanceof Error ? `${cause.name}: ${cause.message}` : String(cause);
    super(`the run was ended by an error that nothing caught: ${reason}`, { cause });
  }
}

/** Why work that sees this signal has to end. */
export const interruptionOf = (signal: AbortSignal): InterruptedError =>
  signal.reason instanceof InterruptedError
    ? signal.reason
    : new InterruptedError("Execution was interrupted by a termination request");

/** How a step ended badly, in the form of its event. */
export function stepFailureData(error: unknown, opName: string): WireObject {
  if (error instanceof Failure) return failureData(errorInfo(error), error, "FRAMEWORK_ERROR");
  if (error instanceof InterruptedError) return failureData(errorInfo(error), undefined, "INTERRUPT");
  if (error instanceof StepError) return failureData(errorInfo(error), undefined, "FRAMEWORK_ERROR");
  return failureData(wrapped(error, opName), undefined, "USER_CODE_ERROR");
}

/** A step that asked for another attempt once too often; the reason it gave is the cause. */
export function exhaustedRetriesData(request: RetryRequested): WireObject {
  const cause = request.cause;
  const info = retryInfo(request);
  const error = wire("SerializableErrorInfo", {
    message: `Exceeded max_retries of ${request.maxRetries}\n`,
    stack: stackOf(info),
    cls_name: "RetryRequested",
    cause: cause === undefined ? null : errorInfo(cause),
  });
  return failureData(
    error,
    cause instanceof Failure ? cause : undefined,
    cause === undefined ? "FRAMEWORK_ERROR" : "USER_CODE_ERROR",
  );
}

export const retryInfo = (request: RetryRequested): WireObject => errorInfo(request);

const stackOf = (info: WireObject) => info.fields[info.layout.indexByName.get("stack") ?? 0] ?? [];

/** The UI leaves out this frame and shows the cause when the source is user code. */
const wrapped = (error: unknown, opName: string): WireObject =>
  wire("SerializableErrorInfo", {
    message: `dagster._core.errors.DagsterExecutionStepExecutionError: Error occurred while executing op "${opName}":\n`,
    stack: [],
    cls_name: "DagsterExecutionStepExecutionError",
    cause: errorInfo(error),
  });

function failureData(error: WireObject, failure: Failure | undefined, source: ErrorSource): WireObject {
  return wire("StepFailureData", {
    error,
    user_failure_data:
      failure === undefined
        ? null
        : wire("UserFailureData", {
            label: "intentional-failure",
            description: failure.message,
            metadata_entries: writableEntries(failure),
          }),
    error_source: wireEnum("ErrorSource", source),
  });
}

/** A failure whose metadata cannot be written is still that failure. */
function writableEntries(failure: Failure): WireValue {
  try {
    const entries = metadataEntries(failure.metadata);
    writeWire(entries);
    return entries;
  } catch (error) {
    return metadataEntries({ "metadata that could not be written": String(error) });
  }
}

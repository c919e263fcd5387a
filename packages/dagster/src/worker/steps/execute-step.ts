import { randomBytes } from "node:crypto";
import { AssetKey } from "../../definitions/keys.ts";
import { errorInfo, type WireObject, type WireValue, wireField } from "../../wire/index.ts";
import { logsCaptured } from "../events/run-events.ts";
import {
  BlockingCheckError,
  exhaustedRetriesData,
  InterruptedError,
  interruptionOf,
  retryInfo,
  stepFailureData,
} from "../events/step-errors.ts";
import {
  stepFailed,
  stepRestarted,
  stepStarted,
  stepSucceeded,
  stepUpForRetry,
} from "../events/step-events.ts";
import { engineEventWithError } from "../events/run-events.ts";
import { type LineTaker, withLogger } from "../logging/current-logger.ts";
import type { RunStep } from "../plan/run-plan.ts";
import { EventNotStoredError } from "../run/event-sink.ts";
import { inCapturedContext } from "../run/output-capture.ts";
import { discardComputeLogs } from "../../instance/compute-logs/discard.ts";
import type { LogCapture } from "../../instance/compute-logs/compute-logs.ts";
import { abortable } from "./abortable.ts";
import { createInputVersions } from "./data-versions.ts";
import { createExecutionContext } from "./execution-context.ts";
import { createStepRecorder } from "./record-events.ts";
import { retryRequest } from "./retry.ts";
import { createStepOutputs } from "./step-outputs.ts";
import type { RunScope } from "./step-scope.ts";

/** How one attempt of a step ended. */
export type StepOutcome =
  | { readonly kind: "succeeded" }
  | { readonly kind: "failed"; readonly failure: RecordedFailure; readonly error: unknown }
  | { readonly kind: "interrupted"; readonly failure: RecordedFailure; readonly error: InterruptedError }
  | { readonly kind: "retry"; readonly seconds: number };

/** A step's failure as it was recorded: the event, and the error inside it. */
export interface RecordedFailure {
  readonly event: WireObject;
  readonly error: WireValue;
}

/** Runs one attempt (0 for the first) and records its events. Throws only when they cannot be stored. */
export async function executeStep(
  scope: RunScope,
  step: RunStep,
  attempt: number,
  onProduced: (outputName: string) => void,
): Promise<StepOutcome> {
  const { source, sink } = scope;
  const capture = await startCapture(scope, step);
  await sink.emit(attempt > 0 ? stepRestarted(source, step.key, attempt) : stepStarted(source, step.key));
  const begun = performance.now();
  try {
    await compute(scope, step, attempt, capture, onProduced);
    await sink.emit(stepSucceeded(source, step.key, performance.now() - begun));
    return { kind: "succeeded" };
  } catch (error) {
    if (error instanceof EventNotStoredError) throw error;
    return recordFailure(scope, step, attempt, error);
  } finally {
    await endCapture(scope, capture);
  }
}

/** Output of the step goes to files of its own, so that steps side by side do not mix. */
async function startCapture(scope: RunScope, step: RunStep): Promise<LogCapture> {
  const { source, sink } = scope;
  const fileKey = randomFileKey();
  try {
    const capture = scope.instance.computeLogs.open([source.runId, "compute_logs", fileKey]);
    await sink.emit(logsCaptured(source, fileKey, [step.key]));
    return capture;
  } catch (error) {
    if (error instanceof EventNotStoredError) throw error;
    await sink.emit(
      engineEventWithError(source, "Exception while setting up compute log capture", errorInfo(error)),
    );
    return discardComputeLogs.open([]);
  }
}

/** Output that could not be kept is told, and does not change how the step ended. */
async function endCapture({ source, sink }: RunScope, capture: LogCapture): Promise<void> {
  try {
    await capture.close();
  } catch (error) {
    const message = "Exception while cleaning up compute log capture";
    await sink.emit(engineEventWithError(source, message, errorInfo(error)));
  }
}

/** Eight small letters, as the host's own keys. */
const randomFileKey = (): string =>
  [...randomBytes(8)].map((byte) => String.fromCharCode(97 + (byte % 26))).join("");

async function compute(
  scope: RunScope,
  step: RunStep,
  attempt: number,
  capture: LogCapture,
  onProduced: (outputName: string) => void,
): Promise<void> {
  if (scope.signal.aborted) throw interruptionOf(scope.signal);
  const outputs = createStepOutputs(step);
  const inputs = createInputVersions(scope.instance.events, scope.inputPartitions);
  if (step.definition.kind === "assets" && step.definition.executionType === "materialization") {
    const specs = step.outputs.flatMap((output) => (output.asset ? [output.asset] : []));
    await inputs.load(specs, new Set(specs.map((spec) => AssetKey.id(spec.key))));
  }
  const context = await createExecutionContext(scope, step, attempt);
  const recorder = createStepRecorder(scope, step, outputs, inputs, onProduced);
  const takeLine: LineTaker = (name, level, message, fields) =>
    scope.logs.lineOf(name, step.key, level, message, fields);
  const resume = <R>(work: () => R): R => inCapturedContext(capture, () => withLogger(takeLine, work));
  const yielded = { [Symbol.asyncIterator]: () => step.definition.compute(context)[Symbol.asyncIterator]() };
  for await (const event of abortable(yielded, scope.signal, resume)) await recorder.record(event);
  await outputs.verify(scope.partitionsOf);
  const { count, lines } = recorder.blockingFailures();
  if (count > 0) {
    throw new BlockingCheckError(
      `${count} blocking asset check${count > 1 ? "s" : ""} failed with ERROR severity:\n${lines.join("\n")}`,
    );
  }
}

async function recordFailure(
  scope: RunScope,
  step: RunStep,
  attempt: number,
  error: unknown,
): Promise<StepOutcome> {
  const { source, sink } = scope;
  const fail = async (data: WireObject): Promise<RecordedFailure> => {
    const { row, event } = stepFailed(source, step.key, data);
    await sink.emit(row);
    return { event, error: wireField(data, "error") ?? null };
  };
  // Whatever user code throws once it was told to stop, the reason is the stop.
  if (scope.signal.aborted) {
    const cause = error instanceof InterruptedError ? error : interruptionOf(scope.signal);
    return { kind: "interrupted", error: cause, failure: await fail(stepFailureData(cause, step.key)) };
  }
  const request = retryRequest(error, step.definition.retryPolicy, attempt);
  if (request === undefined) {
    return { kind: "failed", error, failure: await fail(stepFailureData(error, step.key)) };
  }
  if (attempt >= request.maxRetries) {
    const cause = request.cause ?? request;
    return { kind: "failed", error: cause, failure: await fail(exhaustedRetriesData(request)) };
  }
  await sink.emit(stepUpForRetry(source, step.key, retryInfo(request), request.secondsToWait));
  return { kind: "retry", seconds: request.secondsToWait };
}

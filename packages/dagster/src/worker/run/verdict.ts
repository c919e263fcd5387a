import type { Instance } from "../../instance/open-instance.ts";
import type { EventRow, RunStatus } from "../../instance/storage.ts";
import { errorInfo } from "../../wire/index.ts";
import type { EventSource } from "../events/entry.ts";
import { engineEvent, runCanceled, runFailed, runSucceeded } from "../events/run-events.ts";
import { UncaughtError } from "../events/step-errors.ts";
import type { StepsResult } from "./run-steps.ts";
import { willResume } from "./will-resume.ts";

/** How the steps of a run ended: a result, or the error that kept them from having one. */
export type StepsEnd =
  | { readonly kind: "ended"; readonly result: StepsResult }
  | { readonly kind: "threw"; readonly error: unknown };

/**
 * The last event of a run. A stop that somebody asked for is a cancellation; any other stop is a
 * failure, and a run that is over already keeps its status.
 */
export async function finalEvent(
  source: EventSource,
  instance: Pick<Instance, "runs" | "events" | "settings">,
  end: StepsEnd,
): Promise<EventRow> {
  const status = (await instance.runs.getRun(source.runId))?.status;
  if (end.kind === "threw") {
    const error = errorInfo(end.error);
    return status === "CANCELING"
      ? runCanceled(source, error, "Run failed after it was requested to be terminated.")
      : runFailed(source, {
          reason: "RUN_EXCEPTION",
          message: "An exception was thrown during execution.",
          error,
        });
  }
  const { failures, interruption } = end.result;
  if (interruption !== undefined) return interruptedEvent(source, instance, status, interruption);
  const first = failures[0];
  if (first === undefined) return runSucceeded(source);
  const steps = `[${failures.map((failure) => `'${failure.stepKey}'`).join(", ")}]`;
  if (status === "CANCELING") return runCanceled(source, null, `Run was canceled. Failed steps: ${steps}.`);
  return runFailed(source, {
    reason: "STEP_FAILURE",
    message: `Steps failed: ${steps}.`,
    error: first.error,
    firstStepFailure: first.event,
  });
}

async function interruptedEvent(
  source: EventSource,
  instance: Pick<Instance, "events" | "settings">,
  status: RunStatus | undefined,
  interruption: Error,
): Promise<EventRow> {
  const error = errorInfo(interruption);
  if (status === "CANCELING") return runCanceled(source, error);
  if (status === "CANCELED") {
    return engineEvent(
      source,
      "Computational resources were cleaned up after the run was forcibly marked as canceled.",
    );
  }
  // The code of the run is to blame, so another worker would meet the same.
  if (interruption instanceof UncaughtError) {
    return runFailed(source, { reason: "RUN_EXCEPTION", message: interruption.message, error });
  }
  if (await willResume(instance, source.runId)) {
    return engineEvent(
      source,
      "Execution was interrupted unexpectedly. No user initiated termination request was found, not treating as failure because run will be resumed.",
    );
  }
  if (status === "FAILURE") {
    return engineEvent(source, "Execution was interrupted for a run that was already in a failure state.");
  }
  return runFailed(source, {
    reason: "UNEXPECTED_TERMINATION",
    message:
      "Execution was interrupted unexpectedly. No user initiated termination request was found, treating as failure.",
    error,
  });
}

import { isFinished } from "../instance/storage.ts";
import type { InstanceRef } from "../instance/instance-ref.ts";
import { type Instance, openInstance } from "../instance/open-instance.ts";
import { createClock } from "../instance/time.ts";
import { reportedCancellation, reportedEngineEvent, reportedFailure } from "./events/run-events.ts";
import { createEventSink } from "./run/event-sink.ts";

/**
 * Writes the end of a run whose worker is gone: CANCELED when somebody had asked for that, else FAILURE.
 * Does nothing when the run is over or unknown. `how` says what happened, such as
 * `exited with code 1`; it is shown in the run's log.
 */
export async function reportDeadRun(instance: Instance, runId: string, how: string): Promise<void> {
  const run = await instance.runs.getRun(runId);
  if (run === undefined || isFinished(run.status)) return;
  const source = { runId, jobName: run.jobName, clock: createClock() };
  const sink = createEventSink(instance);
  const message = `Run execution process for ${runId} ${how}`;
  if (run.status === "CANCELING") {
    await sink.emit(reportedCancellation(source, `${message} after the run was asked to stop.`));
  } else {
    await sink.emit(reportedEngineEvent(source, `${message} unexpectedly.`));
    await sink.emit(
      reportedFailure(source, {
        reason: "UNEXPECTED_TERMINATION",
        message: `${message} unexpectedly. The run is marked as failed.`,
        error: null,
      }),
    );
  }
  // A dead worker cannot give its slots back, and others wait for them.
  await instance.events.pools.release(runId);
}

/** The same for a caller that has only the host's reference to the instance. */
export async function reportDeadRunIn(ref: InstanceRef | string, runId: string, how: string): Promise<void> {
  const instance = await openInstance(ref);
  try {
    await reportDeadRun(instance, runId, how);
  } finally {
    await instance.close();
  }
}

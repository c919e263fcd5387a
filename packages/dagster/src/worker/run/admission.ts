import type { Instance } from "../../instance/open-instance.ts";
import { isFinished, type RunRecord } from "../../instance/storage.ts";
import type { EventRow } from "../../instance/storage.ts";
import type { EventSource } from "../events/entry.ts";
import { reportedEngineEvent, reportedFailure } from "../events/run-events.ts";

/**
 * Whether a worker may run this run now. The events say why not: clusters restart workers on their own,
 * and a run must not be executed twice.
 */
export function refusalEvents(
  source: EventSource,
  run: RunRecord,
  settings: Instance["settings"],
  resume: boolean,
): readonly EventRow[] {
  const say = (message: string): EventRow => reportedEngineEvent(source, message);
  if (run.status === "CANCELED") {
    return [say("Not starting execution since the run was canceled before execution could start")];
  }
  if (isFinished(run.status)) {
    return [say("Ignoring a run worker that started after the run had already finished.")];
  }
  if (resume || run.status === "NOT_STARTED" || run.status === "STARTING" || run.status === "CANCELING")
    return [];
  if (settings.runMonitoring.enabled) {
    return [
      say("Ignoring a duplicate run that was started from somewhere other than the run monitor daemon"),
    ];
  }
  const message =
    `${run.jobName} (${run.runId}) started a new run worker while the run was already in state ` +
    `DagsterRunStatus.${run.status}. This most frequently happens when the run worker unexpectedly stops ` +
    "and is restarted by the cluster. Marking the run as failed.";
  return [
    say(message),
    reportedFailure(source, {
      reason: "RUN_WORKER_RESTART",
      message: "This run has been marked as failed from outside the execution context.",
      error: null,
    }),
  ];
}

import { setTimeout as sleep } from "node:timers/promises";
import { isFinished } from "../../instance/storage.ts";
import { errorInfo } from "../../wire/index.ts";
import type { EventSource } from "../events/entry.ts";
import { reportedCancellation, reportedEngineEvent, reportedFailure } from "../events/run-events.ts";
import { createEventSink, type EventTarget } from "./event-sink.ts";

const PAUSE_MS = 2_000;

/**
 * Says in the run's log why it ended, after an event of it could not be stored; tries for this long, because a
 * full disk or a database that is away may come back. Gives whether it was heard.
 */
export async function haveLastWord(
  instance: EventTarget,
  source: EventSource,
  error: unknown,
  seconds: number,
): Promise<boolean> {
  const until = Date.now() + seconds * 1000;
  for (;;) {
    try {
      await speak(instance, source, error);
      return true;
    } catch {
      if (Date.now() + PAUSE_MS > until) return false;
      await sleep(PAUSE_MS);
    }
  }
}

/** In a log with a hole the events of the steps stay as they are: the failure says that there is a hole. */
async function speak(instance: EventTarget, source: EventSource, error: unknown): Promise<void> {
  const status = (await instance.runs.getRun(source.runId))?.status;
  if (status === undefined || isFinished(status)) return;
  const sink = createEventSink(instance);
  const reason = error instanceof Error ? error.message : String(error);
  const message = `The run was ended because ${reason}. Work that was done since then is not in this log.`;
  if (status === "CANCELING") {
    await sink.emit(reportedCancellation(source, message));
    return;
  }
  await sink.emit(reportedEngineEvent(source, message, errorInfo(error)));
  await sink.emit(reportedFailure(source, { reason: "RUN_EXCEPTION", message, error: errorInfo(error) }));
}

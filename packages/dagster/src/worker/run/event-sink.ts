import type { Instance } from "../../instance/open-instance.ts";
import { isRunEventType, STATUS_BY_EVENT_TYPE } from "../../instance/sql/store-events.ts";
import type { EventRow } from "../../instance/storage.ts";
import { createEventQueue, type Waiting } from "./event-queue.ts";
import { recordWillRetry } from "./will-retry.ts";

/** Where the events of a run go, in the order in which they are given. */
export interface EventSink {
  /** Resolves to the event's storage id once it is stored. */
  emit(event: EventRow): Promise<number>;
  /** For log lines, which nobody waits for; a failure to store them fails the next `emit`. */
  post(event: EventRow): void;
  /** Resolves when everything given so far is stored. */
  flush(): Promise<void>;
  /** Gives back what the queue holds of the disk; nothing may be given afterwards. */
  close(): void;
}

/** The instance did not take an event; the run cannot go on truthfully. */
export class EventNotStoredError extends Error {
  override readonly name = "EventNotStoredError";
}

/** Events that gathered while the last ones were written go together, up to this many. */
const BATCH = 200;

export type EventTarget = Pick<Instance, "events" | "runs" | "settings">;

/**
 * Writes while the run goes on. Once a write has failed for good nothing more is accepted: a hole in
 * the log would be a lie.
 */
export function createEventSink(
  instance: EventTarget,
  watch: (event: EventRow) => void = () => undefined,
): EventSink {
  const queue = createEventQueue();
  let writing: Promise<void> | undefined;
  let failure: { readonly error: unknown } | undefined;

  const drain = async (): Promise<void> => {
    // Lets the events of one burst gather.
    await Promise.resolve();
    while (queue.length > 0) {
      // A change of the run's status ends its batch, so that no reader sees the status before its event.
      const batch = queue.take(BATCH, ({ type }) => isRunEventType(type));
      try {
        if (failure !== undefined) throw failure.error;
        const ids = await instance.events.store(batch.map((item) => item.event));
        for (const item of batch) await applyRunStatus(instance, item.event);
        for (const [index, item] of batch.entries()) {
          watch(item.event);
          item.resolve?.(ids[index] ?? 0);
        }
      } catch (error) {
        failure ??= { error: notStored(error) };
        for (const item of batch) item.reject?.(failure.error);
      }
    }
    writing = undefined;
  };

  const put = (item: Waiting): void => {
    queue.push(item);
    writing ??= drain();
  };

  return {
    emit: (event) => new Promise((resolve, reject) => put({ event, resolve, reject })),
    post: (event) => put({ event }),
    flush: async () => {
      while (writing !== undefined) await writing;
      if (failure !== undefined) throw failure.error;
    },
    close: () => queue.close(),
  };
}

const notStored = (cause: unknown): EventNotStoredError =>
  new EventNotStoredError(
    `an event could not be stored: ${cause instanceof Error ? cause.message : String(cause)}`,
    { cause },
  );

async function applyRunStatus(instance: EventTarget, event: EventRow): Promise<void> {
  if (!isRunEventType(event.type)) return;
  await instance.runs.setStatus(event.runId, {
    status: STATUS_BY_EVENT_TYPE[event.type],
    at: event.timestamp,
    ...(event.failureReason === undefined ? {} : { failureReason: event.failureReason }),
  });
  if (event.type === "PIPELINE_FAILURE") await recordWillRetry(instance, event.runId);
}

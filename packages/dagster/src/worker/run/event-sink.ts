import type { Instance } from "../../instance/open-instance.ts";
import { isRunEventType, STATUS_BY_EVENT_TYPE } from "../../instance/sql/store-events.ts";
import type { EventRow } from "../../instance/storage.ts";
import { recordWillRetry } from "./will-retry.ts";

/** Where the events of a run go, in the order in which they are given. */
export interface EventSink {
  /** Resolves to the event's storage id once it is stored. */
  emit(event: EventRow): Promise<number>;
  /** For log lines, which nobody waits for; a failure to store them fails the next `emit`. */
  post(event: EventRow): void;
  /** Resolves when everything given so far is stored. */
  flush(): Promise<void>;
}

/** The instance did not take an event; the run cannot go on truthfully. */
export class EventNotStoredError extends Error {
  override readonly name = "EventNotStoredError";
}

/** Events that gathered while the last ones were written go together, up to this many. */
const BATCH = 200;

interface Waiting {
  readonly event: EventRow;
  readonly resolve: (id: number) => void;
  readonly reject: (error: unknown) => void;
}

export type EventTarget = Pick<Instance, "events" | "runs" | "settings">;

/**
 * Writes while the run goes on. Once a write has failed for good nothing more is accepted: a hole in
 * the log would be a lie.
 */
export function createEventSink(
  instance: EventTarget,
  watch: (event: EventRow) => void = () => undefined,
): EventSink {
  const queue: Waiting[] = [];
  let writing: Promise<void> | undefined;
  let failure: { readonly error: unknown } | undefined;

  const drain = async (): Promise<void> => {
    // Lets the events of one burst gather.
    await Promise.resolve();
    while (queue.length > 0) {
      const batch = queue.splice(0, batchLength(queue));
      try {
        if (failure !== undefined) throw failure.error;
        const ids = await instance.events.store(batch.map((item) => item.event));
        for (const item of batch) await applyRunStatus(instance, item.event);
        for (const [index, item] of batch.entries()) {
          watch(item.event);
          item.resolve(ids[index] ?? 0);
        }
      } catch (error) {
        failure ??= { error: notStored(error) };
        for (const item of batch) item.reject(failure.error);
      }
    }
    writing = undefined;
  };

  const emit = (event: EventRow): Promise<number> =>
    new Promise((resolve, reject) => {
      queue.push({ event, resolve, reject });
      writing ??= drain();
    });

  return {
    emit,
    post: (event) => void emit(event).catch(() => undefined),
    flush: async () => {
      while (writing !== undefined) await writing;
      if (failure !== undefined) throw failure.error;
    },
  };
}

const notStored = (cause: unknown): EventNotStoredError =>
  new EventNotStoredError(
    `an event could not be stored: ${cause instanceof Error ? cause.message : String(cause)}`,
    { cause },
  );

/** A change of the run's status ends its batch, so that no reader sees the status before its event. */
function batchLength(queue: readonly Waiting[]): number {
  const limit = Math.min(queue.length, BATCH);
  const at = queue.findIndex((item) => isRunEventType(item.event.type));
  return at < 0 ? limit : Math.min(limit, at + 1);
}

export async function applyRunStatus(instance: EventTarget, event: EventRow): Promise<void> {
  if (!isRunEventType(event.type)) return;
  await instance.runs.setStatus(event.runId, {
    status: STATUS_BY_EVENT_TYPE[event.type],
    at: event.timestamp,
    ...(event.failureReason === undefined ? {} : { failureReason: event.failureReason }),
  });
  if (event.type === "PIPELINE_FAILURE") await recordWillRetry(instance, event.runId);
}

import { expect, it } from "vitest";
import type { EventRow } from "../../instance/storage.ts";
import { createRecordingInstance } from "../../testing/recording-instance.ts";
import { createEventSink, EventNotStoredError, type EventTarget } from "./event-sink.ts";

const row = (type: string, stepKey?: string): EventRow => ({
  runId: "r",
  body: "{}",
  timestamp: 1,
  type,
  ...(stepKey === undefined ? {} : { stepKey }),
});

/** Counts how events are grouped when they are stored. */
function counting(fails: (call: number) => boolean = () => false): {
  target: EventTarget;
  batches: string[][];
} {
  const memory = createRecordingInstance();
  const batches: string[][] = [];
  const store: EventTarget["events"]["store"] = async (events) => {
    batches.push(events.map((event) => event.type ?? ""));
    if (fails(batches.length)) throw new Error("disk full");
    return memory.events.store(events);
  };
  return { target: { ...memory, events: { ...memory.events, store } }, batches };
}

it("stores bursts together, in order, and ends a batch with a change of the run's status", async () => {
  const { target, batches } = counting();
  const seen: string[] = [];
  const sink = createEventSink(target, (event) => seen.push(event.type ?? ""));
  sink.post(row("A"));
  const id = sink.emit(row("B"));
  sink.post(row("PIPELINE_SUCCESS"));
  sink.post(row("C"));
  await sink.flush();
  expect(await id).toBe(2);
  expect(batches).toEqual([["A", "B", "PIPELINE_SUCCESS"], ["C"]]);
  expect(seen).toEqual(["A", "B", "PIPELINE_SUCCESS", "C"]);
});

it("accepts nothing more once an event was lost", async () => {
  const { target, batches } = counting((call) => call === 2);
  const sink = createEventSink(target);
  await sink.emit(row("A"));
  sink.post(row("LOG"));
  await expect(sink.emit(row("B"))).rejects.toThrow(EventNotStoredError);
  await expect(sink.emit(row("C"))).rejects.toThrow("an event could not be stored: disk full");
  await expect(sink.flush()).rejects.toThrow("disk full");
  expect(batches).toEqual([["A"], ["LOG", "B"]]);
});

import { expect, it } from "vitest";
import type { EventRow } from "../../instance/storage.ts";
import { createEventQueue } from "./event-queue.ts";

const row = (number: number, rest: Partial<EventRow> = {}): EventRow => ({
  runId: "r",
  body: `line ${number} é \u2028`,
  timestamp: number + 0.25,
  ...rest,
});

it("keeps order and content, also of what waits in a file, and ends a batch where it is told to", () => {
  const queue = createEventQueue(3);
  const rows = Array.from({ length: 20 }, (_, number) =>
    row(number, number === 11 ? { type: "PIPELINE_SUCCESS", tags: { a: "b" }, assetKey: ["x", "y"] } : {}),
  );
  const answered: number[] = [];
  for (const [number, event] of rows.entries()) {
    queue.push(number % 2 === 0 ? { event, resolve: (id) => void answered.push(id) } : { event });
  }
  const taken = [];
  const sizes = [];
  while (queue.length > 0) {
    const batch = queue.take(5, ({ type }) => type !== undefined);
    sizes.push(batch.length);
    for (const item of batch) item.resolve?.(item.event.timestamp);
    taken.push(...batch.map(({ event }) => event));
    // What comes meanwhile goes to the end.
    if (taken.length === 5) queue.push({ event: row(20) });
  }
  queue.close();
  expect(taken).toEqual([...rows, row(20)]);
  expect(sizes).toEqual([5, 5, 2, 5, 4]);
  expect(answered).toEqual([0, 2, 4, 6, 8, 10, 12, 14, 16, 18].map((number) => number + 0.25));
});

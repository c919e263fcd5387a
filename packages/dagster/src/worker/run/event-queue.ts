import { closeSync, mkdtempSync, openSync, readSync, rmSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { EventRow } from "../../instance/storage.ts";

/** An event that waits to be stored. Nobody waits for log lines, so those have no callbacks. */
export interface Waiting {
  readonly event: EventRow;
  readonly resolve?: (id: number) => void;
  readonly reject?: (error: unknown) => void;
}

/** First in, first out. */
export interface EventQueue {
  push(item: Waiting): void;
  /** Takes the longest run from the front that has at most `limit` items and ends at the first that `isLast` wants. */
  take(limit: number, isLast: (event: EventRow) => boolean): readonly Waiting[];
  readonly length: number;
  close(): void;
}

/** So many events wait in memory; a step that logs faster than a database can write has the rest in a file. */
const IN_MEMORY = 10_000;

type Kept = Waiting | (Omit<Waiting, "event"> & { readonly at: number; readonly bytes: number });

export function createEventQueue(inMemory: number = IN_MEMORY): EventQueue {
  let items: Kept[] = [];
  let head = 0;
  const file = createSpillFile();

  const keep = (item: Waiting): Kept => {
    if (items.length - head < inMemory) return item;
    const place = file.write(item.event);
    if (place === undefined) return item;
    const { event: _event, ...callbacks } = item;
    return { ...callbacks, ...place };
  };
  const restore = (item: Kept): Waiting => {
    if ("event" in item) return item;
    const { at, bytes, ...callbacks } = item;
    return { ...callbacks, event: file.read(at, bytes) };
  };

  return {
    push: (item) => void items.push(keep(item)),
    take: (limit, isLast) => {
      const taken: Waiting[] = [];
      while (head < items.length && taken.length < limit) {
        const item = items[head++];
        if (item === undefined) break;
        const waiting = restore(item);
        taken.push(waiting);
        if (isLast(waiting.event)) break;
      }
      if (head === items.length) {
        items = [];
        head = 0;
        file.rewind();
      } else if (head > inMemory) {
        items = items.slice(head);
        head = 0;
      }
      return taken;
    },
    get length() {
      return items.length - head;
    },
    close: () => file.close(),
  };
}

/** Made at the first write; nothing has its name, so it goes with the process at the latest. */
function createSpillFile() {
  let file: number | undefined;
  let end = 0;
  const open = (): number => {
    const folder = mkdtempSync(join(tmpdir(), "events-"));
    try {
      return openSync(join(folder, "waiting"), "w+", 0o600);
    } finally {
      rmSync(folder, { recursive: true });
    }
  };
  return {
    /** Undefined when there is no room; the event has to stay in memory then. */
    write: (event: EventRow): { readonly at: number; readonly bytes: number } | undefined => {
      const bytes = Buffer.from(JSON.stringify(event), "utf8");
      try {
        file ??= open();
        if (writeSync(file, bytes, 0, bytes.length, end) < bytes.length) return undefined;
      } catch {
        return undefined;
      }
      const at = end;
      end += bytes.length;
      return { at, bytes: bytes.length };
    },
    read: (at: number, bytes: number): EventRow => {
      const buffer = Buffer.alloc(bytes);
      if (file !== undefined) readSync(file, buffer, 0, bytes, at);
      return JSON.parse(buffer.toString("utf8")) as EventRow;
    },
    rewind: () => {
      end = 0;
    },
    close: () => {
      if (file !== undefined) closeSync(file);
      file = undefined;
    },
  };
}

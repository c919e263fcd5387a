import { WireObject, WireStream } from "./nodes.ts";
import type { WireValue } from "./value.ts";
import { isSkipped, writeWire } from "./write.ts";

/** The host reads streamed texts in pieces of at most this many characters. */
export const CHUNK_CHARACTERS = 4_000_000;

/** The canonical text in pieces: one per item of each `wireStream` that is reached through objects. */
export function* streamWire(value: WireValue): Generator<string, void, undefined> {
  if (value instanceof WireStream) {
    let separator = "[";
    for (const item of value.items) {
      yield separator + writeWire(item);
      separator = ", ";
    }
    yield separator === "[" ? "[]" : "]";
  } else if (value instanceof WireObject) {
    yield value.layout.opening;
    for (const [index, field] of value.layout.fields.entries()) {
      const inner = value.fields[index] ?? null;
      if (field.skip !== "never" && isSkipped(inner, field.skip)) continue;
      yield field.prefix;
      yield* streamWire(inner);
    }
    yield "}";
  } else {
    yield writeWire(value);
  }
}

/** Cuts pieces into chunks of exactly `limit` characters, the last one shorter; at least one chunk. */
export function* cutChunks(
  pieces: Iterable<string>,
  limit: number = CHUNK_CHARACTERS,
): Generator<string, void, undefined> {
  let held: string[] = [];
  let size = 0;
  let cut = false;
  for (const piece of pieces) {
    held.push(piece);
    size += piece.length;
    if (size < limit) continue;
    let text = held.join("");
    for (; text.length >= limit; text = text.slice(limit)) {
      yield text.slice(0, limit);
      cut = true;
    }
    held = [text];
    size = text.length;
  }
  const rest = held.join("");
  if (rest !== "" || !cut) yield rest;
}

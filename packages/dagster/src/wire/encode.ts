import { ByteWriter, MARK } from "./byte-writer.ts";
import { WireObject, WireStream } from "./nodes.ts";
import type { WireValue } from "./value.ts";
import { isSkipped, writeTo } from "./write.ts";

/**
 * A tenth of what the stock server sends at a time: a piece stands in memory several times on its way, and the first
 * one is soon there.
 */
export const CHUNK_CHARACTERS = 400_000;

/** How long a chunk is its receiver's: for good, so that it may be moved away, or until the next one is asked for. */
export type ChunkLife = "owned" | "lent";

/**
 * The canonical text as bytes, in chunks of exactly `limit` (the last one shorter); at least one chunk. Items of
 * each `wireStream` that is reached through objects are made one by one, as chunks are asked for: neither the
 * objects nor the text are ever whole in memory.
 */
export function* encodeChunks(
  value: WireValue,
  limit: number = CHUNK_CHARACTERS,
  life: ChunkLife = "owned",
): Generator<Uint8Array, void, undefined> {
  const writer = new ByteWriter(limit);
  let isCut = false;
  const full = function* (): Generator<Uint8Array, void, undefined> {
    for (const chunk of writer.takeFull()) {
      isCut = true;
      yield chunk;
      if (life === "lent") writer.recycle(chunk);
    }
  };
  for (const _pause of written(writer, value)) yield* full();
  yield* full();
  const rest = writer.takeRest();
  if (rest.length > 0 || !isCut) yield rest;
}

export const encodeWire = (value: WireValue, limit?: number): readonly Uint8Array[] => [
  ...encodeChunks(value, limit),
];

/** Writes, and pauses between the items of a stream whenever chunks are full. */
function* written(writer: ByteWriter, value: WireValue): Generator<void, void, undefined> {
  if (value instanceof WireStream) {
    writer.mark(MARK.list);
    let isFirst = true;
    for (const item of value.items) {
      if (!isFirst) writer.mark(MARK.comma, MARK.space);
      isFirst = false;
      writeTo(writer, item);
      if (writer.isFull) yield;
    }
    writer.mark(MARK.listEnd);
  } else if (value instanceof WireObject) {
    const { opening, fields } = value.layout;
    writer.bytes(opening);
    for (const [index, field] of fields.entries()) {
      const inner = value.fields[index] ?? null;
      if (field.skip !== "never" && isSkipped(inner, field.skip)) continue;
      writer.bytes(field.prefix);
      yield* written(writer, inner);
    }
    writer.mark(MARK.recordEnd);
  } else {
    writeTo(writer, value);
  }
}

import { CHUNK_CHARACTERS, streamWire } from "./stream.ts";
import type { WireValue } from "./value.ts";

/**
 * The canonical text as bytes, in chunks of exactly `limit` (the last one shorter); at least one chunk.
 * Canonical text is ASCII, so characters are bytes. Pieces are copied as they are made: the text is never
 * whole in memory as a string. Each chunk owns its memory and may be moved to another thread.
 */
export function encodeWire(value: WireValue, limit: number = CHUNK_CHARACTERS): readonly Uint8Array[] {
  const chunks: Buffer[] = [];
  let chunk = Buffer.allocUnsafeSlow(limit);
  let used = 0;
  for (const piece of streamWire(value)) {
    for (let from = 0; from < piece.length; ) {
      const written = chunk.write(from === 0 ? piece : piece.slice(from), used, "latin1");
      from += written;
      used += written;
      if (used < limit) continue;
      chunks.push(chunk);
      chunk = Buffer.allocUnsafeSlow(limit);
      used = 0;
    }
  }
  if (used > 0 || chunks.length === 0) {
    const last = Buffer.allocUnsafeSlow(used);
    chunk.copy(last, 0, 0, used);
    chunks.push(last);
  }
  return chunks;
}

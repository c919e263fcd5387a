import { closeSync, readSync } from "node:fs";
import { CHUNK_CHARACTERS } from "../../wire/encode.ts";

/** The content of an open file in pieces of the size that hosts read; closes it at the end. */
export function* cutFile(file: number): Generator<Uint8Array, void, undefined> {
  try {
    for (;;) {
      const chunk = Buffer.allocUnsafeSlow(CHUNK_CHARACTERS);
      let used = 0;
      for (let read = -1; read !== 0 && used < chunk.length; used += read) {
        read = readSync(file, chunk, used, chunk.length - used, null);
      }
      if (used > 0) yield chunk.subarray(0, used);
      if (used < chunk.length) return;
    }
  } finally {
    closeSync(file);
  }
}

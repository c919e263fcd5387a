import { CHUNK_CHARACTERS } from "../../wire/stream.ts";

/** Kept answers are whole files; hosts read them in pieces of the usual size. */
export const cutAnswer = (bytes: Buffer): readonly Uint8Array[] => {
  const chunks: Uint8Array[] = [];
  for (let at = 0; at < bytes.length; at += CHUNK_CHARACTERS) {
    chunks.push(bytes.subarray(at, at + CHUNK_CHARACTERS));
  }
  return chunks;
};

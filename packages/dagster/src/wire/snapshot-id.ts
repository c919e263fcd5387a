import { createHash } from "node:crypto";

/** Each call of the hash costs more than a short piece does. */
const PIECE_CHARACTERS = 65_536;

/** Dagster's id of a serialised object: SHA-1 of its canonical text, lower-case hex. */
export function snapshotId(text: string | Iterable<string>): string {
  const hash = createHash("sha1");
  if (typeof text === "string") return hash.update(text, "utf8").digest("hex");
  let held = "";
  for (const piece of text) {
    held += piece;
    if (held.length < PIECE_CHARACTERS) continue;
    hash.update(held, "latin1");
    held = "";
  }
  // Canonical text is ASCII.
  hash.update(held, "latin1");
  return hash.digest("hex");
}

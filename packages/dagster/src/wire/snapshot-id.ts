import { createHash } from "node:crypto";

/** Dagster's id of a serialised object: SHA-1 of its canonical text, lower-case hex. */
export function snapshotId(text: string | Iterable<Uint8Array>): string {
  const hash = createHash("sha1");
  if (typeof text === "string") return hash.update(text, "utf8").digest("hex");
  for (const piece of text) hash.update(piece);
  return hash.digest("hex");
}

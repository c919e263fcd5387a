import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { writeFileDurably } from "./durable-write.ts";
import { fingerprintOf, watchedFile } from "./fingerprint.ts";

it("tells a replaced file of the same size from the one that was read", async () => {
  const folder = mkdtempSync(join(tmpdir(), "watch-"));
  try {
    const path = join(folder, "state");
    expect(fingerprintOf(path)).toBe("");
    await writeFileDurably(path, "one");
    const seen = watchedFile(path);
    expect(fingerprintOf(path)).toBe(seen.fingerprint);
    await writeFileDurably(path, "two");
    expect(fingerprintOf(path)).not.toBe(seen.fingerprint);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { writeFileDurably } from "./durable-write.ts";
import { retainedState, retainLocalState } from "./retained-versions.ts";

let folder = "";
let state = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "retained-"));
  state = join(folder, "state");
});
afterEach(() => rmSync(folder, { recursive: true }));

describe("retained state versions", () => {
  it("finds the bytes of a load after a refresh replaced them", async () => {
    await writeFileDurably(state, "old");
    const digest = (await retainLocalState(state)) ?? "";
    await writeFileDurably(state, "new");
    const path = await retainedState(state, digest);
    expect(readFileSync(path ?? "", "utf8")).toBe("old");
    expect(path).not.toBe(state);
  });

  it("uses the file itself while it is unchanged", async () => {
    await writeFileDurably(state, "old");
    expect(await retainedState(state, (await retainLocalState(state)) ?? "")).toBe(state);
  });

  it("does not give other bytes for a digest", async () => {
    writeFileSync(state, "old");
    const digest = (await retainLocalState(state)) ?? "";
    // A writer that edits in place changes the linked version as well.
    writeFileSync(state, "edited");
    expect(await retainedState(state, digest)).toBeUndefined();
    expect(await retainedState(state, "../../etc/passwd")).toBeUndefined();
  });
});

import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createFolderStore, type KeyValues, POINTER_KEY } from "./folder-store.ts";

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "store-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

const table = (): KeyValues & { readonly rows: Map<string, string> } => {
  const rows = new Map<string, string>();
  return {
    rows,
    getKeyValues: async (keys) =>
      new Map(keys.flatMap((key) => (rows.has(key) ? [[key, rows.get(key) ?? ""]] : []))),
    updateKeyValue: async (key, change) => void rows.set(key, change(rows.get(key))),
  };
};

describe("createFolderStore", () => {
  it("keeps every version and points to the newest, as Dagster reads it", async () => {
    const keyValues = table();
    const store = createFolderStore(join(folder, "base"), keyValues);
    const source = join(folder, "state");
    writeFileSync(source, "one");
    const first = await store.upload("A[b]", source);
    writeFileSync(source, "two");
    const second = await store.upload("A[b]", source);
    expect((await store.latest())?.["A[b]"]?.version).toBe(second);
    expect(existsSync(join(folder, "base/A__b__", first))).toBe(true);
    await store.download("A[b]", first, join(folder, "copy"));
    expect(readFileSync(join(folder, "copy"), "utf8")).toBe("one");
    expect(keyValues.rows.get(POINTER_KEY)).toMatch(
      /^\{"__class__": "DefsStateInfo", "info_mapping": \{"A\[b\]": \{"__class__": "DefsKeyStateInfo", "create_timestamp": /,
    );
  });

  it("points again when another process wrote back what it had read before", async () => {
    const keyValues = table();
    const source = join(folder, "state");
    writeFileSync(source, "one");
    const calm = createFolderStore(folder, keyValues);
    await calm.upload("other", source);
    const stale = keyValues.rows.get(POINTER_KEY) ?? "";
    let overwrites = 2;
    const store = createFolderStore(folder, {
      ...keyValues,
      async updateKeyValue(key, change) {
        await keyValues.updateKeyValue(key, change);
        if (overwrites-- > 0) keyValues.rows.set(key, stale);
      },
    });
    const version = await store.upload("mine", source);
    expect((await calm.latest())?.mine?.version).toBe(version);
    overwrites = Number.POSITIVE_INFINITY;
    await expect(store.upload("third", source)).rejects.toThrow(
      'of state "third" is stored, but other refreshes',
    );
  });

  it("names key and version that are not there, and refuses paths", async () => {
    const store = createFolderStore(folder, table());
    await expect(store.download("k", "v1", join(folder, "x"))).rejects.toThrow(
      /version v1 of state "k" is not at/,
    );
    await expect(store.download("k", "../../etc/passwd", join(folder, "x"))).rejects.toThrow(/not valid/);
  });
});

import { spawnSync } from "node:child_process";
import { describe, expect, test } from "vitest";
import { chooseTable } from "./choose-table.ts";
import type { ClassTable } from "./class-table.ts";
import { tableGaps } from "./compare-tables.ts";
import { knownTables, newestTable } from "./host-table.ts";
import { compileLayout } from "./layout.ts";
import { patchTable, tablePatch } from "./patch-table.ts";

const tables = knownTables();
const [oldest] = tables;
const unknown = (change: Partial<ClassTable>): ClassTable => ({
  ...newestTable,
  version: "1.14.0",
  ...change,
});

describe("the table for a host", () => {
  test.each([
    ["1.12.9", oldest],
    ["1.13.0", newestTable],
  ])("is that of the host's minor: %s", (version, table) => {
    expect(chooseTable(tables, { version })).toEqual({ table });
  });

  test("is refused for hosts before the first one", () => {
    expect(() => chooseTable(tables, { version: "1.11.4" })).toThrow("1.11.4 is older than 1.12.0");
    expect(() => chooseTable(tables, { version: "latest" })).toThrow("no Dagster version");
  });

  test("is the newest, with a warning, for an unknown host that reads everything", () => {
    const { table, warning } = chooseTable(tables, { version: "1.14.0", table: unknown({}) });
    expect(table).toBe(newestTable);
    expect(warning).toContain("1.14.0 is unknown");
  });

  test("is refused for an unknown host that does not", () => {
    const { AssetKey: key, ...objects } = newestTable.objects;
    expect(() => chooseTable(tables, { version: "1.14.0", table: unknown({ objects }) })).toThrow(
      "has no AssetKey",
    );
    const strict = { ...objects, AssetKey: { ...key, required: ["path", "realm"] } };
    expect(() => chooseTable(tables, { version: "1.14.0", table: unknown({ objects: strict }) })).toThrow(
      "needs AssetKey.realm",
    );
  });
});

test("the oldest release gets every field that it needs", () => {
  expect(tableGaps(newestTable, oldest).needed).toEqual([]);
});

test("a layout for the oldest release leaves out what is newer", () => {
  const name = "AssetCheckEvaluation";
  const layout = compileLayout(name, oldest.objects[name] ?? {}, newestTable.objects[name]);
  expect(layout.dropped).toEqual(new Set(["partition"]));
  expect(layout.indexByName.has("partition")).toBe(false);
});

test("a process for an unsupported host ends with a clear text", () => {
  const { status, stderr } = spawnSync(
    process.execPath,
    ["--import", "jiti/register", new URL("./host-table.ts", import.meta.url).pathname],
    { encoding: "utf8", env: { ...process.env, DAGSTER_HOST_VERSION: "1.9.0" } },
  );
  expect(status).not.toBe(0);
  expect(stderr).toContain("Dagster 1.9.0 is older than");
});

test("a table is what its patch makes of another one", () => {
  const { AssetKey: key, ...rest } = newestTable.objects;
  const objects = { ...rest, AssetKey: { ...key, required: ["path", "realm"] }, NewThing: {} };
  const other = unknown({ objects, enums: { RunStatus: ["DONE"] } });
  const patch = tablePatch(newestTable, other);
  expect(Object.keys(patch.objects)).toEqual(["AssetKey", "NewThing"]);
  expect(patch.enums.SensorType).toBeNull();
  expect(patchTable(newestTable, patch)).toEqual(other);
});

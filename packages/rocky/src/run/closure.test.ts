import { expect, test } from "vitest";
import { loadModels } from "../models/index.ts";
import { memoryFiles } from "../ports.ts";
import { closureOf } from "./closure.ts";

const project = (models: Readonly<Record<string, string>>, sidecars: Readonly<Record<string, string>> = {}) =>
  loadModels(
    memoryFiles({
      "models/_defaults.toml": '[target]\ncatalog = "w"\nschema = "main"\n',
      ...Object.fromEntries(Object.entries(models).map(([name, sql]) => [`models/${name}.sql`, sql])),
      ...Object.fromEntries(Object.keys(models).map((name) => [`models/${name}.toml`, sidecars[name] ?? ""])),
    }),
    {},
    "models",
  );

const namesOf = async (loaded: ReturnType<typeof project>, name: string) =>
  (await closureOf(loaded, name, {})).models.map((model) => model.name).sort();

test("a model needs what it reads: by name, inside CTEs, by table, by declaration; nothing else", async () => {
  const loaded = project(
    {
      a: "SELECT 1 AS x",
      b: "WITH q AS (SELECT x FROM a) SELECT x FROM q",
      c: "SELECT x FROM main.b",
      d: "SELECT 2 AS y",
      e: "SELECT c.x FROM w.main.c AS c",
      other: "SELECT x FROM e",
    },
    { e: 'depends_on = ["d"]' },
  );
  expect(await namesOf(loaded, "e")).toEqual(["a", "b", "c", "d", "e"]);
  expect(await namesOf(loaded, "a")).toEqual(["a"]);
});

test("a model that writes the same table belongs to it, and a broken query is kept for its error", async () => {
  const loaded = project(
    { one: "SELECT 1 AS x", two: "SELECT 2 AS x", broken: "SELECT FROM WHERE" },
    { two: '[target]\ntable = "one"' },
  );
  expect(await namesOf(loaded, "one")).toEqual(["one", "two"]);
  expect(await namesOf(loaded, "broken")).toEqual(["broken"]);
});

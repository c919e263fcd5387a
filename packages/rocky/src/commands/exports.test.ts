import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { createTempProject } from "../run/fixture.ts";
import { invoke } from "./invoke.ts";

const MODELS = {
  "models/_defaults.toml": '[target]\ncatalog = "w"\nschema = "main"\n',
  "models/raw_orders.sql": "SELECT 1 AS id, 'a' AS customer",
  "models/a_report.sql": "SELECT customer, COUNT(*) AS orders FROM raw_orders GROUP BY customer",
};
const CONFIG =
  '[adapter]\ntype = "duckdb"\npath = "w.duckdb"\n[pipeline.p]\ntype = "transformation"\n[pipeline.p.target]\nadapter = "default"\n';

test("models compile, run as tests, have lineage and are exported with no rocky.toml", async () => {
  using project = createTempProject(MODELS);
  const rocky = (...argv: readonly string[]) => invoke(argv, { cwd: project.cwd, env: {} });
  expect(await rocky("compile")).toMatchObject({ exitCode: 0, payload: { models: 2, has_errors: false } });
  expect(await rocky("test")).toMatchObject({ exitCode: 0, payload: { total: 2, passed: 2 } });
  expect(await rocky("lineage", "a_report")).toMatchObject({
    exitCode: 0,
    payload: { upstream: ["raw_orders"] },
  });
  expect((await rocky("emit-sql")).stdout).toContain("CREATE OR REPLACE TABLE");
  const named = await rocky("-c", "other.toml", "compile");
  expect(named.exitCode).toBe(1);
  expect(named.stderr).toContain("No rocky.toml found at 'other.toml'");
  expect((await rocky("run")).stderr).toContain("rocky init");
});

test("emit-sql writes a file for each model, and prints models after those that they read", async () => {
  using project = createTempProject({ ...MODELS, "rocky.toml": CONFIG });
  const rocky = (...argv: readonly string[]) => invoke(argv, { cwd: project.cwd, env: {} });
  const { stdout } = await rocky("emit-sql");
  expect(stdout.indexOf("-- model: raw_orders")).toBeLessThan(stdout.indexOf("-- model: a_report"));
  expect(await rocky("emit-sql", "--out-dir", "build/sql")).toMatchObject({
    exitCode: 0,
    stdout: "2 models written to build/sql\n",
  });
  expect(readdirSync(join(project.cwd, "build/sql")).sort()).toEqual(["a_report.sql", "raw_orders.sql"]);
  for (const name of ["raw_orders", "a_report"])
    await project.sql(readFileSync(join(project.cwd, `build/sql/${name}.sql`), "utf8"));
  expect(await project.sql("SELECT * FROM a_report")).toEqual([["a", "1"]]);
});

test("emit-sql writes nothing outside its folder", async () => {
  using project = createTempProject({
    ...MODELS,
    "rocky.toml": CONFIG,
    "models/up.sql": "SELECT 1 AS x",
    "models/up.toml": 'name = "../up"\n[target]\ntable = "up"\n',
  });
  const { exitCode, stderr } = await invoke(["emit-sql", "--out-dir", "build/sql"], {
    cwd: project.cwd,
    env: {},
  });
  expect([exitCode, stderr]).toEqual([1, expect.stringContaining("'../up' is no file name")]);
  expect(existsSync(join(project.cwd, "build"))).toBe(false);
});

test("catalog leaves JSON and Parquet for other tools, of one warehouse catalog when asked", async () => {
  using project = createTempProject({
    ...MODELS,
    "rocky.toml": CONFIG,
    "models/elsewhere.sql": "SELECT 1 AS x",
    "models/elsewhere.toml": '[target]\ncatalog = "other"\n',
  });
  const rocky = (...argv: readonly string[]) => invoke(argv, { cwd: project.cwd, env: {} });
  expect((await rocky("catalog")).exitCode).toBe(0);
  const folder = join(project.cwd, ".rocky/catalog");
  expect(readdirSync(folder).sort()).toEqual(["assets.parquet", "catalog.json", "edges.parquet"]);
  expect(
    await project.sql(
      `SELECT source_model, source_column, target_column, transform FROM '${folder}/edges.parquet'`,
    ),
  ).toEqual([["raw_orders", "customer", "customer", "direct"]]);
  expect(
    await project.sql(
      `SELECT model_name, columns[1].name FROM '${folder}/assets.parquet' ORDER BY model_name`,
    ),
  ).toEqual([
    ["a_report", "customer"],
    ["elsewhere", "x"],
    ["raw_orders", "id"],
  ]);
  const part = await rocky("catalog", "--catalog", "other", "--format", "json", "--out", "part");
  expect(part.payload).toMatchObject({ assets: [{ fqn: "other.main.elsewhere" }], edges: [] });
  expect(readdirSync(join(project.cwd, "part"))).toEqual(["catalog.json"]);
  expect((await rocky("catalog", "--catalog", "othr")).stderr).toContain("did you mean 'other'");
});

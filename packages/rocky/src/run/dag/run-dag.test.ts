import { expect, test } from "vitest";
import { createTempProject, replicationToml } from "../fixture.ts";

const target = '[target]\ncatalog = "w"\nschema = "m"\n';
const files = {
  "rocky.toml": `
[adapter]
type = "duckdb"
path = "w.duckdb"
[pipeline.t]
type = "transformation"
models = "models/**"
depends_on = ["files"]
target = { adapter = "default", governance = { auto_create_schemas = true } }
[pipeline.a_reports]
type = "transformation"
models = "reports/**"
target = { adapter = "default" }
[pipeline.files]
type = "load"
source_dir = "data"
target = { catalog = "w", schema = "main" }
[pipeline.copies]
strategy = "full_refresh"
[pipeline.copies.source]
schema_pattern = { prefix = "raw__", separator = "__", components = ["source"] }
[pipeline.copies.target]
catalog_template = "w"
schema_template = "copy_{source}"
`,
  "data/items.csv": "id,code\n1,x\n2,y\n",
  "seeds/codes.csv": "code,name\nx,one\ny,two\n",
  "models/named.sql": "SELECT i.id, c.name FROM main.items i JOIN seeds.codes c USING (code)",
  "models/named.toml": `depends_on = ["codes", "files"]\n${target}`,
  // Sorted before what they read, and without a declared dependency: only the SQL says what comes first.
  "reports/by_target.sql": "SELECT COUNT(*) AS n FROM w.m.named",
  "reports/by_target.toml": target,
  "reports/declared.sql": "SELECT n FROM by_target",
  "reports/declared.toml": `depends_on = ["named"]\n${target}`,
};

test("a graph runs seeds, loads and models of several pipelines in the order of what they read", async () => {
  using project = createTempProject(files);
  const { payload, exitCode, stdout } = await project.invoke(["run", "--dag"]);
  expect([exitCode, payload]).toMatchObject([0, { completed: 7, failed: 0, skipped: 0 }]);
  // Nothing but the payload, so that a program can read it.
  expect(JSON.parse(stdout)).toEqual(payload);
  expect(await project.sql("SELECT n FROM m.declared")).toEqual([["2"]]);
});

test("a plan of the whole graph applies as one", async () => {
  using project = createTempProject(files);
  const { payload } = await project.invoke(["plan", "--dag", "--model", "named"]);
  expect(payload).toBeUndefined();
  const plan = await project.invoke(["plan", "--dag", "--pipeline", "copies"]);
  expect(plan.exitCode).toBe(0);
  const { plan_id: id } = plan.payload as { plan_id: string };
  expect(await project.invoke(["apply", id])).toMatchObject({
    exitCode: 0,
    payload: { command: "run --dag", failed: 0, skipped: 0 },
  });
  expect(await project.sql("SELECT n FROM m.declared")).toEqual([["2"]]);
});

test("a run of one pipeline takes what other nodes have made; a name that means nothing is refused", async () => {
  using project = createTempProject(files);
  await project.invoke(["run", "--dag"]);
  for (const argv of [
    ["--pipeline", "t"],
    ["--pipeline", "a_reports"],
    ["--model", "named"],
  ])
    expect([argv, (await project.run(...argv)).exitCode]).toEqual([argv, 0]);
  for (const argv of [["validate"], ["compile"], ["compile", "--models", "reports"], ["lineage", "named"]])
    expect([argv, (await project.invoke(argv)).exitCode]).toEqual([argv, 0]);
  project.write({ "reports/declared.toml": `depends_on = ["namd"]\n${target}` });
  const { output } = await project.run("--pipeline", "a_reports");
  expect(output.errors?.[0]).toMatchObject({ asset_key: ["<compile>"], failure_kind: "compile-error" });
  expect(output.errors?.[0]?.error).toContain("'namd'");
});

test.each([[["--all"]], [["--models", "models"]]])("a graph with %j runs each model once", async (flags) => {
  using project = createTempProject({
    "rocky.toml": `${replicationToml('strategy = "full_refresh"')}
[pipeline.t]
type = "transformation"
target = { adapter = "default", governance = { auto_create_schemas = true } }
`,
    "models/once.sql": "SELECT 1 AS n",
    "models/once.toml": `${target}\n[strategy]\ntype = "incremental"\ntimestamp_column = "n"\n`,
  });
  await project.sql("CREATE SCHEMA raw__a", "CREATE TABLE raw__a.t AS SELECT 1 AS x");
  expect(await project.invoke(["run", "--dag", ...flags])).toMatchObject({ exitCode: 0 });
  expect(await project.sql("SELECT COUNT(*)::INTEGER FROM m.once")).toEqual([[1]]);
});

test("a graph says that it builds its models anew, once", async () => {
  using project = createTempProject(files);
  const told = async (...argv: readonly string[]) => {
    project.events.splice(0);
    await project.invoke(["run", ...argv]);
    return project.events.flatMap(({ fields, message }) =>
      fields?.event === "nothing_to_resume" ? [message] : [],
    );
  };
  expect(await told("--dag", "--resume-latest")).toEqual([expect.stringContaining("copies only")]);
  expect(await told("--model", "named", "--resume-latest")).toEqual([
    expect.stringContaining("a single model"),
  ]);
  expect(await told("--pipeline", "files", "--resume-latest")).toEqual([
    expect.stringContaining("a load pipeline"),
  ]);
});

test("a graph of several pipelines with models looks for each model in its own folder", async () => {
  using project = createTempProject(files);
  const { payload } = await project.invoke(["run", "--dag", "--models", "models"]);
  expect(payload).toMatchObject({ completed: 7, failed: 0 });
});

test("each node that fails says why", async () => {
  using project = createTempProject({
    "rocky.toml": `
[adapter]
type = "duckdb"
path = "w.duckdb"
[pipeline.files]
type = "load"
source_dir = "data"
target = { catalog = "w", schema = "main" }
[pipeline.q]
type = "quality"
tables = [{ catalog = "w", schema = "main", table = "t" }]
target = {}
checks = { enabled = true, assertions = [{ table = "t", type = "not_null", column = "n" }] }
[pipeline.t]
type = "transformation"
target = {}
[budget]
max_duration_ms = 0
on_breach = "error"
`,
    "models/slow.sql": "SELECT 1 AS x",
    "models/slow.toml": target.replace('"m"', '"main"'),
    "data/empty.csv": "",
    "seeds/codes.csv": "",
  });
  await project.sql("CREATE TABLE t AS SELECT NULL::INTEGER AS n");
  const { payload } = await project.invoke(["run", "--dag"]);
  const { nodes } = payload as {
    readonly nodes: readonly { readonly id: string; readonly error?: string }[];
  };
  expect(Object.fromEntries(nodes.map(({ id, error }) => [id, error]))).toEqual({
    "load:files": expect.stringContaining("'data/empty.csv' is empty"),
    "transformation:slow": expect.stringMatching(/^budget max_duration_ms is 0, used were \d+$/),
    "quality:q": expect.stringContaining("check not_null:n of w.main.t failed; budget"),
    "seed:codes": expect.stringContaining("'seeds/codes.csv' is empty"),
  });
});

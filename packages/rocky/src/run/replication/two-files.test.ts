import { expect, test } from "vitest";
import { createDuckDbAdapter } from "../../adapters/duckdb/duckdb-adapter.ts";
import { createTempProject } from "../fixture.ts";

const pipeline = (name: string, from: string, to: string): string => `
[pipeline.${name}]
strategy = "full_refresh"
[pipeline.${name}.source]
adapter = "${from}"
discovery = { adapter = "${from}" }
schema_pattern = { prefix = "raw__", separator = "__", components = ["source"] }
[pipeline.${name}.target]
adapter = "${to}"
catalog_template = "${to}"
schema_template = "from_${from}"
governance = { auto_create_schemas = true }
`;

const TOML = `
[adapter.left]
type = "duckdb"
path = "left.duckdb"
[adapter.right]
type = "duckdb"
path = "right.duckdb"
${pipeline("rightwards", "left", "right")}
${pipeline("leftwards", "right", "left")}
`;

const openProject = async () => {
  const project = createTempProject({ "rocky.toml": TOML });
  for (const name of ["left", "right"]) {
    const adapter = createDuckDbAdapter({ name, path: `${project.cwd}/${name}.duckdb` });
    await using session = await adapter.open({ mode: "write", waitMs: 1000 });
    await session.execute("CREATE SCHEMA raw__x");
    for (let table = 0; table < 5; table += 1)
      await session.execute(`CREATE TABLE raw__x.t${table} AS SELECT '${name}' AS origin FROM range(1000)`);
  }
  return project;
};

test("copies between two files in opposite directions do not wait for each other", async () => {
  using project = await openProject();
  const rounds = Array.from({ length: 3 }, () => [
    project.run("--pipeline", "rightwards"),
    project.run("--pipeline", "leftwards"),
    project.invoke(["state", "reconcile-watermark", "--pipeline", "leftwards", "--dry-run"]),
    project.invoke(["compare", "--pipeline", "rightwards"]),
  ]).flat();
  const results = await Promise.all(rounds);
  expect(results.map(({ exitCode }) => exitCode)).toEqual(results.map(() => 0));
}, 30_000);

test("one run of the whole graph copies in both directions", async () => {
  using project = await openProject();
  const runs = await Promise.all([project.invoke(["run", "--dag"]), project.invoke(["run", "--dag"])]);
  for (const { payload } of runs) expect(payload).toMatchObject({ failed: 0, completed: 4 });
}, 30_000);

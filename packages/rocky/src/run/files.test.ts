import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { createTempProject, replicationToml, transformationToml } from "./fixture.ts";

const loadToml = (options: string): string => `
[adapter]
type = "duckdb"
path = "w.duckdb"

[pipeline.files]
type = "load"
source_dir = "data/"
${options}
[pipeline.files.target]
catalog = "w"
schema = "main"
`;
const orders = { "data/orders.csv": "id,name\n1,a\n2,b\n", "data/readme.md": "no data" };

test("a load counts the file's rows, appends, and replaces when asked", async () => {
  using project = createTempProject({ "rocky.toml": loadToml(""), ...orders });
  const first = await project.invoke(["load"]);
  expect(first.payload).toMatchObject({
    command: "load",
    format: "auto",
    files_loaded: 1,
    total_rows: 2,
    total_bytes: 16,
  });
  project.write({ "data/orders.csv": "name,id\nc,3\n" });
  expect((await project.invoke(["load"])).payload).toMatchObject({
    total_rows: 1,
    files: [{ rows_loaded: 1 }],
  });
  expect(await project.sql("SELECT id, name FROM orders ORDER BY id")).toEqual([
    ["1", "a"],
    ["2", "b"],
    ["3", "c"],
  ]);
  for (let twice = 0; twice < 2; twice += 1) await project.invoke(["load", "--truncate"]);
  expect(await project.sql("SELECT id, name FROM orders")).toEqual([["3", "c"]]);
});

test("two files whose names differ by case go to one table, which is emptied once", async () => {
  using project = createTempProject({
    "rocky.toml": loadToml("[pipeline.files.options]\ntruncate_first = true\n"),
    "data/IDS.csv": "id\n1\n",
    "data/ids.json": '{"id": 2}\n',
  });
  for (const _again of [1, 2]) expect((await project.invoke(["load"])).exitCode).toBe(0);
  expect(await project.sql("SELECT id FROM ids ORDER BY id")).toEqual([["1"], ["2"]]);
});

test("several files go to one table, which is emptied once; a broken file leaves it alone", async () => {
  using project = createTempProject({
    "rocky.toml": loadToml("[pipeline.files.options]\ntruncate_first = true\n"),
    "data/a.csv": "id\n1\n",
    "data/b.csv": "id\n2\n",
  });
  const load = () => project.invoke(["load", "--target", "all_ids"]);
  await load();
  expect((await load()).exitCode).toBe(0);
  expect(await project.sql("SELECT id FROM all_ids ORDER BY id")).toEqual([["1"], ["2"]]);
  project.write({ "data/a.csv": "other\nx\n" });
  const broken = await load();
  expect(broken.exitCode).toBe(1);
  expect(broken.payload).toMatchObject({ files_failed: 1, files_loaded: 1 });
  expect(await project.sql("SELECT id FROM all_ids")).toEqual([["2"]]);
});

test("a contract stops a file before it reaches its table", async () => {
  const contract =
    '[pipeline.files.contract]\nrequired_columns = [{ name = "id", type = "BIGINT", nullable = false }]\n';
  using project = createTempProject({ "rocky.toml": loadToml(contract), ...orders });
  expect((await project.invoke(["load"])).payload).toMatchObject({ files: [{ contract: { passed: true } }] });
  project.write({ "data/orders.csv": "id,name\n,x\n5,y\n" });
  const refused = await project.invoke(["run"]);
  expect(refused.exitCode).toBe(1);
  expect(refused.payload).toMatchObject({
    files: [
      { rows_loaded: 0, contract: { passed: false, violations: [{ rule: "nullable", column: "id" }] } },
    ],
  });
  expect(await project.sql("SELECT COUNT(*) FROM orders")).toEqual([["2"]]);
});

test("seeds go to the database whatever its name, with types from the whole file", async () => {
  using project = createTempProject({
    "rocky.toml": replicationToml('strategy = "full_refresh"'),
    "seeds/codes.csv": "code,size,open,since\n01,1.5,true,2024-01-01\n02,2,false,2024-02-02\n",
    "seeds/codes.toml": '[column_types]\ncode = "VARCHAR"\n',
    "seeds/wide.tsv": "a\tb\n1\tx,y\n",
  });
  const { payload, exitCode } = await project.invoke(["seed"]);
  expect(exitCode).toBe(0);
  expect(payload).toMatchObject({
    seeds_dir: "seeds",
    tables_loaded: 2,
    tables: [
      { name: "codes", target: "w.seeds.codes", rows: 2, columns: 4 },
      { name: "wide", target: "w.seeds.wide", rows: 1, columns: 2 },
    ],
  });
  expect(await project.sql("SELECT * FROM seeds.codes")).toEqual([
    ["01", 1.5, true, "2024-01-01 00:00:00"],
    ["02", 2, false, "2024-02-02 00:00:00"],
  ]);
  expect((await project.invoke(["seed"])).exitCode).toBe(0);
  expect((await project.invoke(["seed", "--seeds", "nowhere"])).exitCode).toBe(1);
});

test("a snapshot follows changes and deletions, and does nothing when nothing changed", async () => {
  using project = createTempProject({
    "rocky.toml": `
[adapter]
type = "duckdb"
path = "w.duckdb"
[pipeline.h]
type = "snapshot"
unique_key = ["id"]
updated_at = "changed"
invalidate_hard_deletes = true
source = { catalog = "w", schema = "main", table = "people" }
target = { catalog = "w", schema = "main", table = "history" }
`,
  });
  await project.sql(
    "CREATE TABLE people (id INTEGER, name VARCHAR, changed TIMESTAMP)",
    "INSERT INTO people VALUES (1, 'a', '2025-01-01'), (2, 'b', '2025-01-01')",
  );
  const versions = "SELECT id, name, valid_to IS NULL FROM history ORDER BY id, valid_from";
  for (let twice = 0; twice < 2; twice += 1) expect((await project.run()).output.status).toBe("Success");
  expect(await project.sql(versions)).toEqual([
    [1, "a", true],
    [2, "b", true],
  ]);
  await project.sql(
    "UPDATE people SET name = 'A', changed = '2025-02-01' WHERE id = 1",
    "DELETE FROM people WHERE id = 2",
    "ALTER TABLE people ADD COLUMN extra INTEGER",
    "INSERT INTO people VALUES (3, 'c', '2025-02-01', 9)",
  );
  expect((await project.run()).exitCode).toBe(0);
  expect(await project.sql(versions)).toEqual([
    [1, "a", false],
    [1, "A", true],
    [2, "b", false],
    [3, "c", true],
  ]);
  expect(
    await project.sql(
      "SELECT COUNT(*) FROM history a JOIN history b ON a.id = b.id AND a.valid_to = b.valid_from",
    ),
  ).toEqual([["1"]]);
  await project.sql("INSERT INTO people VALUES (3, 'twin', '2025-02-01', 9)");
  const refused = await project.run();
  expect([refused.exitCode, refused.output.status]).toEqual([1, "Failure"]);
  expect(refused.output.errors?.[0]?.error).toContain("not unique");
  const dry = await project.invoke(["snapshot", "--dry-run"]);
  expect(dry.payload).toMatchObject({ dry_run: true, steps_ok: 0 });
});

test("a file is read whole before types are chosen; lines or an array of JSON; an empty one is refused", async () => {
  const late = `id\n${Array.from({ length: 25_000 }, (_, at) => at).join("\n")}\nlast\n`;
  using project = createTempProject({
    "rocky.toml": loadToml(""),
    "data/late.csv": late,
    "data/list.json": '[{"a": 1}, {"a": 2}]',
    "data/lines.json": '{"a": 1}\n{"a": 2}\n',
    "data/nothing.csv": "",
    "seeds/nothing.csv": "",
  });
  const { payload, exitCode } = await project.invoke(["load"]);
  expect(exitCode).toBe(1);
  expect(payload).toMatchObject({
    files: [
      { file: "data/late.csv", rows_loaded: 25_001 },
      { file: "data/lines.json", rows_loaded: 2 },
      { file: "data/list.json", rows_loaded: 2 },
      { file: "data/nothing.csv", rows_loaded: 0, error: expect.stringContaining("it has no header") },
    ],
  });
  expect(await project.sql("SELECT a FROM list ORDER BY a")).toEqual([["1"], ["2"]]);
  expect(await project.invoke(["seed"])).toMatchObject({ exitCode: 1, payload: { tables_failed: 1 } });
});

test("a snapshot takes wider types, and refuses a source that has its own validity", async () => {
  using project = createTempProject({
    "rocky.toml": `
[adapter]
type = "duckdb"
path = "w.duckdb"
[pipeline.h]
type = "snapshot"
unique_key = ["id"]
updated_at = "changed"
source = { catalog = "w", schema = "main", table = "people" }
target = { catalog = "w", schema = "main", table = "history" }
`,
  });
  await project.sql(
    "CREATE TABLE people (id INTEGER, size INTEGER, changed TIMESTAMP)",
    "INSERT INTO people VALUES (1, 10, '2025-01-01')",
  );
  await project.run();
  await project.sql(
    "ALTER TABLE people ALTER size TYPE VARCHAR",
    "UPDATE people SET size = 'large', changed = '2025-01-02'",
  );
  expect((await project.run()).exitCode).toBe(0);
  expect(await project.sql("SELECT size, valid_to IS NULL FROM history ORDER BY changed")).toEqual([
    ["10", false],
    ["large", true],
  ]);
  await project.sql("ALTER TABLE people ADD COLUMN valid_from TIMESTAMP");
  expect((await project.run()).output.errors?.[0]?.error).toContain("has a column 'valid_from'");
});

test("a plan is named by its content, applies once checked, and refuses tampering and drift", async () => {
  using project = createTempProject({ "rocky.toml": replicationToml('strategy = "full_refresh"') });
  await project.sql("CREATE SCHEMA raw__a", "CREATE TABLE raw__a.t AS SELECT 1 AS x");
  const planOf = async () =>
    (await project.invoke(["plan"])).payload as { plan_id: string; plan_kind: string };
  const plan = await planOf();
  expect(plan.plan_kind).toBe("replication");
  expect((await planOf()).plan_id).toBe(plan.plan_id);
  const file = join(project.cwd, ".rocky", "plans", `${plan.plan_id}.json`);
  expect(readdirSync(join(project.cwd, ".rocky", "plans"))).toEqual([`${plan.plan_id}.json`]);
  const applied = await project.invoke(["apply", plan.plan_id]);
  expect(applied.payload).toMatchObject({ command: "run", status: "Success", tables_copied: 1 });
  writeFileSync(file, readFileSync(file, "utf8").replace('"run_all": false', '"run_all": true'));
  expect((await project.invoke(["apply", plan.plan_id])).stderr).toContain("was changed after it was made");
  const fresh = await project.invoke(["plan", "--filter", "source=a"]);
  const id = (fresh.payload as { plan_id: string }).plan_id;
  await project.sql("CREATE TABLE raw__a.more AS SELECT 1 AS x");
  const stale = await project.invoke(["apply", id]);
  expect([stale.exitCode, stale.stdout]).toEqual([1, ""]);
  expect(stale.stderr).toContain("source 'raw__a' has changed");
  expect((await project.invoke(["apply", "0".repeat(64)])).exitCode).toBe(1);
});

test("a plan holds no secret", async () => {
  using project = createTempProject({
    "rocky.toml": `${replicationToml('strategy = "full_refresh"')}
[adapter.lake]
type = "databricks"
host = "h"
http_path = "/p"
token = "dapi-very-secret"
`.replace("[adapter]\n", "[adapter.default]\n"),
  });
  const { payload } = await project.invoke(["plan"]);
  const { plan_id: id } = payload as { plan_id: string };
  expect(existsSync(join(project.cwd, ".rocky", ".gitignore"))).toBe(true);
  const text = readFileSync(join(project.cwd, ".rocky", "plans", `${id}.json`), "utf8");
  expect(text).not.toContain("dapi-very-secret");
});

test("a plan says which models would read more than their budget", async () => {
  using project = createTempProject({
    "rocky.toml": transformationToml,
    "models/_defaults.toml": '[target]\ncatalog = "w"\nschema = "main"\n',
    "models/m.sql": "SELECT id FROM raw.t",
    "models/m.toml": '[budget]\nmax_bytes_scanned = 4000\non_breach = "error"\n',
  });
  await project.sql("CREATE SCHEMA raw", "CREATE TABLE raw.t AS SELECT i AS id FROM range(100) r(i)");
  const plan = async () => (await project.invoke(["plan", "--model", "m"])).payload;
  expect(await plan()).not.toHaveProperty("budget_diagnostics");
  await project.sql("INSERT INTO raw.t SELECT i FROM range(1000) r(i)");
  expect(await plan()).toMatchObject({
    has_budget_errors: true,
    budget_diagnostics: [
      { code: "E027", severity: "Error", model: "m", message: expect.stringContaining("8800") },
    ],
  });
});

import { expect, test } from "vitest";
import { createTempProject, transformationToml } from "./fixture.ts";

const defaults = '[target]\ncatalog = "w"\nschema = "mart"\n';
test("bare names and ephemeral models work in any schema, also inside CTEs", async () => {
  using project = createTempProject({
    "rocky.toml": transformationToml,
    "models/_defaults.toml": defaults,
    "models/base.sql": "SELECT range + 1 AS id FROM range(2)",
    "models/base.toml": "",
    "models/hidden.sql": "SELECT id * 10 AS id FROM base",
    "models/hidden.toml": '[strategy]\ntype = "ephemeral"',
    "models/top.sql": "WITH h AS (SELECT id FROM hidden) SELECT SUM(id) AS total FROM h",
    "models/top.toml": "",
  });
  const { output, exitCode } = await project.run();
  expect(exitCode).toBe(0);
  expect(output.materializations.map((one) => [one.asset_key.join("."), one.metadata.strategy])).toEqual([
    ["w.mart.base", "full_refresh"],
    ["w.mart.hidden", "ephemeral"],
    ["w.mart.top", "full_refresh"],
  ]);
  expect(await project.sql("SELECT total FROM mart.top")).toEqual([["30"]]);
  expect(await project.sql("SELECT COUNT(*) FROM duckdb_tables() WHERE table_name = 'hidden'")).toEqual([
    ["0"],
  ]);
});

test("rows are told of tables, and not of views, which hold none", async () => {
  using project = createTempProject({
    "rocky.toml": transformationToml,
    "models/_defaults.toml": defaults,
    "models/base.sql": "SELECT range AS id FROM range(2)",
    "models/base.toml": "",
    "models/shown.sql": "SELECT id FROM base",
    "models/shown.toml": '[strategy]\ntype = "view"',
  });
  await project.run();
  const finished = project.events.filter(({ fields }) => fields?.event === "model_finished");
  expect(finished.map(({ fields }) => [fields?.asset_key, fields?.rows])).toEqual([
    ["w/mart/base", 2],
    ["w/mart/shown", undefined],
  ]);
});

test("one model runs alone; an unknown name is a failure with a suggestion", async () => {
  using project = createTempProject({
    "rocky.toml": transformationToml,
    "models/_defaults.toml": defaults,
    "models/orders.sql": "SELECT 1 AS id",
    "models/orders.toml": "",
    "models/broken.sql": "SELEC 1 FROM",
    "models/broken.toml": "",
  });
  const { output, exitCode } = await project.run("--model", "orders");
  expect([exitCode, output.status, output.pipeline_type]).toEqual([0, "Success", "transformation"]);
  const unknown = await project.run("--model", "order");
  expect(unknown.exitCode).toBe(1);
  expect(unknown.output.errors).toMatchObject([{ asset_key: ["order"], failure_kind: "unknown" }]);
  expect(unknown.output.errors?.[0]?.error).toContain("did you mean 'orders'?");
  const whole = await project.run();
  expect(whole.output.errors).toMatchObject([{ asset_key: ["<compile>"], failure_kind: "compile-error" }]);
});

test("a failure ends the run; contained, it only holds back its readers", async () => {
  const files = {
    "models/_defaults.toml": defaults,
    "models/a_bad.sql": "SELECT no_such_column FROM (SELECT 1 AS x)",
    "models/a_bad.toml": "",
    "models/b_reader.sql": "SELECT * FROM a_bad",
    "models/b_reader.toml": "",
    "models/c_free.sql": "SELECT 1 AS x",
    "models/c_free.toml": "",
  };
  using strict = createTempProject({ "rocky.toml": transformationToml, ...files });
  const first = await strict.run();
  expect([first.exitCode, first.output.status]).toEqual([1, "Failure"]);
  expect(first.output.errors).toMatchObject([{ asset_key: ["<runtime>"] }]);
  using lenient = createTempProject({
    "rocky.toml": `${transformationToml}\n[resilience]\ncontain_failures = true\n`,
    ...files,
  });
  const second = await lenient.run();
  expect([second.exitCode, second.output.status]).toEqual([2, "PartialFailure"]);
  expect(second.output.contained).toMatchObject([{ model: "b_reader", blocked_by: ["a_bad"] }]);
  expect(second.output.materializations.map((one) => one.asset_key.at(-1))).toEqual(["c_free"]);
});

test("partitions: one, a range, missing ones; each is replaced and none counted twice", async () => {
  // Five days that end today, because missing partitions are those up to now.
  const today = Date.now();
  const day = (back: number): string => new Date(today - back * 86_400_000).toISOString().slice(0, 10);
  using project = createTempProject({
    "rocky.toml": transformationToml,
    "models/_defaults.toml": defaults,
    "models/daily.sql":
      "SELECT CAST(ts AS DATE) AS day, COUNT(*) AS n FROM events WHERE ts >= @start_date AND ts < @end_date GROUP BY 1",
    "models/daily.toml": `[strategy]
type = "time_interval"
time_column = "day"
granularity = "day"
first_partition = "${day(4)}"
`,
  });
  await project.sql(
    `CREATE TABLE events AS SELECT TIMESTAMP '${day(4)} 06:00:00' + INTERVAL (range) DAY AS ts FROM range(5)`,
  );
  const one = await project.run("--model", "daily", "--partition", day(3));
  expect(one.output.materializations[0]?.partition).toEqual({
    key: day(3),
    start: `${day(3)}T00:00:00Z`,
    end: `${day(2)}T00:00:00Z`,
  });
  const range = await project.run("--from", day(3), "--to", day(1));
  expect(range.output.partition_summaries).toEqual([
    { model: "daily", partitions_planned: 3, partitions_succeeded: 3, partitions_failed: 0 },
  ]);
  expect(await project.sql("SELECT COUNT(*), SUM(n) FROM mart.daily")).toEqual([["3", "3"]]);
  const missing = await project.run("--model", "daily", "--missing");
  expect(missing.output.materializations.map((done) => done.partition?.key)).toEqual([day(4), day(0)]);
  expect(await project.sql("SELECT COUNT(*), SUM(n) FROM mart.daily")).toEqual([["5", "5"]]);
  expect((await project.run("--model", "daily", "--missing")).output.materializations).toEqual([]);
  const bad = await project.run("--model", "daily", "--partition", "2025-1-2");
  expect([bad.exitCode, bad.output.errors?.[0]?.asset_key]).toEqual([1, ["daily"]]);
});

test("a shadow model leaves the real one alone, and ephemeral ones cannot be shadowed", async () => {
  using project = createTempProject({
    "rocky.toml": transformationToml,
    "models/_defaults.toml": defaults,
    "models/a.sql": "SELECT 1 AS x",
    "models/a.toml": "",
    "models/b.sql": "SELECT x FROM a",
    "models/b.toml": "",
  });
  await project.run();
  const { output } = await project.run("--branch", "try");
  expect(output.materializations.map((one) => one.asset_key.join("."))).toEqual([
    "w.branch__try.a",
    "w.branch__try.b",
  ]);
  project.write({ "models/e.sql": "SELECT 1 AS x", "models/e.toml": '[strategy]\ntype = "ephemeral"' });
  const refused = await project.run("--shadow");
  expect([refused.exitCode, refused.output.errors?.[0]?.asset_key]).toEqual([1, ["<runtime>"]]);
});

test("an idempotency key is honoured until its run fails", async () => {
  using project = createTempProject({
    "rocky.toml": transformationToml,
    "models/_defaults.toml": defaults,
    "models/a.sql": "SELECT x FROM src",
    "models/a.toml": "",
  });
  const failed = await project.run("--idempotency-key", "k");
  expect(failed.output.status).toBe("Failure");
  await project.sql("CREATE TABLE src AS SELECT 1 AS x");
  expect((await project.run("--idempotency-key", "k")).output.status).toBe("Success");
  const again = await project.run("--idempotency-key", "k");
  expect(again.exitCode).toBe(0);
  expect(again.output).toMatchObject({
    status: "SkippedIdempotent",
    materializations: [],
    idempotency_key: "k",
  });
  expect(again.output.skipped_by_run_id).toMatch(/^run-/);
});

test("many runs in one process on one database take turns", async () => {
  const models = Object.fromEntries(
    Array.from({ length: 8 }, (_, index) => [
      [`models/m${index}.sql`, `SELECT ${index} AS x`],
      [`models/m${index}.toml`, ""],
    ]).flat() as [string, string][],
  );
  using project = createTempProject({
    "rocky.toml": transformationToml,
    "models/_defaults.toml": defaults,
    ...models,
  });
  const runs = await Promise.all(
    Array.from({ length: 8 }, (_, index) => project.run("--model", `m${index}`)),
  );
  expect(runs.map(({ exitCode }) => exitCode)).toEqual(Array.from({ length: 8 }, () => 0));
  expect(await project.sql("SELECT COUNT(*) FROM duckdb_tables() WHERE schema_name = 'mart'")).toEqual([
    ["8"],
  ]);
  const { payload } = await project.invoke(["history"]);
  expect(payload).toMatchObject({ count: 8 });
});

test("a graph takes its idempotency key as a whole, and no node is skipped for it", async () => {
  using project = createTempProject({
    "rocky.toml": transformationToml,
    "models/_defaults.toml": defaults,
    "models/a.sql": "SELECT 1 AS x",
    "models/a.toml": "",
    "models/b.sql": "SELECT x FROM src",
    "models/b.toml": "",
  });
  const run = () => project.invoke(["run", "--dag", "--idempotency-key", "k"]);
  expect(await run()).toMatchObject({ exitCode: 1, payload: { completed: 1, failed: 1 } });
  await project.sql("CREATE TABLE src AS SELECT 1 AS x");
  expect(await run()).toMatchObject({ exitCode: 0, payload: { completed: 2, failed: 0 } });
  expect(await run()).toMatchObject({
    exitCode: 0,
    payload: { status: "SkippedIdempotent", idempotency_key: "k" },
  });
  expect((await project.invoke(["run", "--idempotency-key", ""])).exitCode).toBe(2);
});

test("a failed run is gone on with: what it has built stays, what reads a new table is built again", async () => {
  using project = createTempProject({
    "rocky.toml": `${transformationToml}[resilience]\ncontain_failures = true\n`,
    "models/_defaults.toml": defaults,
    "models/a.sql": "SELECT 1 AS x",
    "models/a.toml": "",
    "models/b.sql": "SELECT x FROM src",
    "models/b.toml": "",
    "models/c.sql": "SELECT x FROM b",
    "models/c.toml": "",
  });
  const keys = (output: {
    readonly materializations: readonly { readonly asset_key: readonly string[] }[];
  }) => output.materializations.map(({ asset_key }) => asset_key.at(-1));
  const failed = await project.run();
  expect([keys(failed.output), failed.output.contained?.map(({ model }) => model)]).toEqual([["a"], ["c"]]);
  await project.sql("CREATE TABLE src AS SELECT 1 AS x");
  const { output } = await project.run("--resume-latest");
  expect(keys(output)).toEqual(["b", "c"]);
  expect(output).toMatchObject({
    status: "Success",
    tables_skipped: 1,
    resumed_from: expect.stringMatching(/^run-/),
  });
  const again = await project.run("--resume-latest");
  expect(keys(again.output)).toEqual(["a", "b", "c"]);
  expect(again.output).not.toHaveProperty("resumed_from");
});

test("a failure holds back also who reads the table by its name, and what does not compile is a failure", async () => {
  const contained = `${transformationToml}\n[resilience]\ncontain_failures = true\n`;
  using project = createTempProject({
    "rocky.toml": contained,
    "models/_defaults.toml": defaults,
    "models/a.sql": "SELECT 1 AS x",
    "models/b.sql": "WITH stale AS (SELECT x FROM mart.a) SELECT x FROM stale",
    "models/c.sql": "SELECT x FROM b",
  });
  await project.run();
  const blocked = async (sql: string) => {
    project.write({ "models/a.sql": sql });
    const { output } = await project.run();
    return [output.materializations, output.contained?.map(({ model, blocked_by }) => [model, blocked_by])];
  };
  const held = [
    ["b", ["a"]],
    ["c", ["b"]],
  ];
  expect(await blocked("SELECT x FROM nowhere")).toEqual([[], held]);
  expect(await blocked("SELECT @never_given AS x")).toEqual([[], held]);
});

test("a run that goes on leaves out only what was built there, from the same SQL, however often it goes on", async () => {
  using project = createTempProject({
    "rocky.toml": transformationToml,
    "models/_defaults.toml": defaults,
    "models/a.sql": "SELECT 1 AS x",
    "models/a.toml": '[strategy]\ntype = "incremental"\ntimestamp_column = "x"\n',
    "models/b.sql": "SELECT x FROM src",
    "models/b.toml": "",
  });
  const rows = () => project.sql("SELECT x FROM mart.a");
  await project.run("--branch", "fix");
  // Nothing of production was built there.
  const first = await project.run("--resume-latest");
  expect(first.output).toMatchObject({ status: "PartialFailure", materializations: [{}] });
  expect(await rows()).toEqual([[1]]);
  for (const _again of [1, 2]) expect((await project.run("--resume-latest")).output.tables_skipped).toBe(1);
  expect(await rows()).toEqual([[1]]);
  project.write({ "models/a.sql": "SELECT 2 AS x" });
  await project.run("--resume-latest");
  expect(await rows()).toEqual([[1], [2]]);
});

test("what cannot be written says why and what to do", async () => {
  using project = createTempProject({
    "rocky.toml": transformationToml,
    "models/_defaults.toml": defaults,
    "models/a.sql": "SELECT 1 AS x",
    "models/a.toml": "",
  });
  await project.run();
  const errorOf = async (toml: string, sql = "SELECT 1 AS x, 2 AS y"): Promise<string> => {
    project.write({ "models/a.toml": toml, "models/a.sql": sql });
    return (await project.run()).output.errors?.[0]?.error ?? "";
  };
  const appended = '[strategy]\ntype = "incremental"\ntimestamp_column = "x"\n';
  expect(await errorOf(appended)).toContain("ALTER TABLE w.mart.a ADD COLUMN y");
  await project.sql("CREATE VIEW mart.seen AS SELECT 1 AS x");
  expect(await errorOf(`${appended}[target]\ncatalog = "w"\nschema = "mart"\ntable = "seen"\n`)).toContain(
    "View w.mart.seen",
  );
  expect(await errorOf('[target]\ncatalog = "x"\nschema = "mart"\n')).toContain(
    "the catalog of this database is 'w'",
  );
  expect(await errorOf('[target]\ncatalog = "w"\nschema = "mart"\ntable = "mart.a"\n')).toContain(
    "'mart.a' is not a valid identifier",
  );
});

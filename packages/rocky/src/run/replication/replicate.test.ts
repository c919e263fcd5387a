import { expect, test } from "vitest";
import { createDuckDbAdapter } from "../../adapters/duckdb/duckdb-adapter.ts";
import { openState } from "../../state/database.ts";
import { putProgress } from "../../state/progress.ts";
import { createTempProject, replicationToml } from "../fixture.ts";

const incremental = replicationToml('strategy = "incremental"\ntimestamp_column = "ts"');
const source = [
  "CREATE SCHEMA raw__shop",
  "CREATE TABLE raw__shop.orders (id INTEGER, note VARCHAR, ts TIMESTAMP)",
  "INSERT INTO raw__shop.orders VALUES (1, 'a', '2025-01-01 00:00:00'), (2, 'b', '2025-01-02 03:04:05.678901')",
];
const copied = "SELECT * FROM copy_shop.orders ORDER BY id";

test("an incremental copy goes on where it stopped, to the last digit", async () => {
  using project = createTempProject({ "rocky.toml": incremental });
  await project.sql(...source);
  const first = await project.run();
  expect(first.exitCode).toBe(0);
  expect(first.output.materializations[0]?.metadata).toEqual({
    strategy: "full_refresh",
    watermark: "2025-01-02T03:04:05.678901Z",
    target_table_full_name: "w.copy_shop.orders",
  });
  await project.sql(
    "INSERT INTO raw__shop.orders VALUES (3, 'c', '2025-01-02 03:04:05.678902'), (4, 'late', '2024-01-01')",
  );
  const second = await project.run();
  expect(second.output.materializations[0]?.metadata.strategy).toBe("incremental");
  expect((await project.sql(copied)).map((row) => row[0])).toEqual([1, 2, 3]);
  const finished = project.events.filter((event) => event.fields?.event === "table_finished");
  expect(finished.map((event) => event.fields?.rows)).toEqual([2, 1]);
});

test("time zones and dates serve as timestamps too", async () => {
  using project = createTempProject({ "rocky.toml": incremental });
  await project.sql(
    "CREATE SCHEMA raw__z",
    "CREATE TABLE raw__z.t AS SELECT 1 AS id, TIMESTAMPTZ '2025-01-01 00:00:00+02' AS ts",
    "CREATE SCHEMA raw__d",
    "CREATE TABLE raw__d.t AS SELECT 1 AS id, DATE '2025-01-01' AS ts",
  );
  expect((await project.run()).output.materializations.map((one) => one.metadata.watermark)).toEqual([
    "2025-01-01T00:00:00Z",
    "2024-12-31T22:00:00Z",
  ]);
  await project.sql(
    "INSERT INTO raw__z.t VALUES (2, TIMESTAMPTZ '2025-01-01 00:00:00+01')",
    "INSERT INTO raw__d.t VALUES (2, DATE '2025-01-02')",
  );
  await project.run();
  expect(
    await project.sql("SELECT (SELECT COUNT(*) FROM copy_z.t), (SELECT COUNT(*) FROM copy_d.t)"),
  ).toEqual([["2", "2"]]);
});

test("new columns are added behind metadata columns, and values land by name", async () => {
  using project = createTempProject({
    "rocky.toml": replicationToml(
      `strategy = "incremental"\ntimestamp_column = "ts"\nmetadata_columns = [{ name = "origin", type = "VARCHAR", value = "'{source}'" }]`,
    ),
  });
  await project.sql(...source);
  await project.run();
  await project.sql(
    "ALTER TABLE raw__shop.orders ADD COLUMN extra INTEGER",
    "INSERT INTO raw__shop.orders VALUES (3, 'c', '2025-02-01', 7)",
  );
  const { output } = await project.run();
  expect(output.drift.actions_taken).toEqual([
    { table: "w.copy_shop.orders", action: "add_columns", reason: "added column 'extra' (INTEGER)" },
  ]);
  expect(await project.sql("SELECT id, origin, extra FROM copy_shop.orders ORDER BY id")).toEqual([
    [1, "shop", null],
    [2, "shop", null],
    [3, "shop", 7],
  ]);
});

test("a dropped source column is reported, kept, and filled with NULL", async () => {
  using project = createTempProject({ "rocky.toml": incremental });
  await project.sql(...source);
  await project.run();
  await project.sql(
    "ALTER TABLE raw__shop.orders DROP COLUMN note",
    "INSERT INTO raw__shop.orders VALUES (3, '2025-02-01')",
  );
  const { output, exitCode } = await project.run();
  expect(exitCode).toBe(0);
  expect(output.drift).toMatchObject({
    tables_drifted: 1,
    actions_taken: [{ action: "keep_dropped_columns" }],
  });
  expect((await project.sql(copied)).map((row) => row[1])).toEqual(["a", "b", null]);
});

test("a widened type is altered in place, another type starts the table anew", async () => {
  using project = createTempProject({ "rocky.toml": incremental });
  await project.sql(...source);
  await project.run();
  await project.sql(
    "ALTER TABLE raw__shop.orders ALTER COLUMN id TYPE BIGINT",
    "INSERT INTO raw__shop.orders VALUES (5000000000, 'big', '2025-02-01')",
  );
  const widened = await project.run();
  expect(widened.output.drift.actions_taken[0]?.action).toBe("alter_column_types");
  expect(widened.output.materializations[0]?.metadata.strategy).toBe("incremental");
  await project.sql("ALTER TABLE raw__shop.orders ALTER COLUMN id TYPE VARCHAR");
  const changed = await project.run();
  expect(changed.output.drift.actions_taken).toEqual([
    {
      table: "w.copy_shop.orders",
      action: "drop_and_recreate",
      reason: "column 'id' changed VARCHAR → BIGINT",
    },
  ]);
  expect((await project.sql(copied)).map((row) => row[0])).toEqual(["1", "2", "5000000000"]);
});

test("a failed table keeps its key, the others go on, and resume tries only the failed one", async () => {
  using project = createTempProject({ "rocky.toml": incremental });
  await project.sql(...source, "CREATE TABLE raw__shop.plain AS SELECT 1 AS id");
  const first = await project.run();
  expect(first.exitCode).toBe(2);
  expect(first.output).toMatchObject({ status: "PartialFailure", tables_copied: 1, tables_failed: 1 });
  expect(first.output.errors).toMatchObject([{ asset_key: ["duckdb", "shop", "plain"] }]);
  expect(await project.sql("SELECT table_name FROM duckdb_tables() WHERE schema_name = 'copy_shop'")).toEqual(
    [["orders"]],
  );
  expect((await project.run("--resume-latest")).output).toMatchObject({
    tables_failed: 1,
    tables_skipped: 1,
  });
  await project.sql("ALTER TABLE raw__shop.plain ADD COLUMN ts TIMESTAMP");
  const resumed = await project.run("--resume-latest");
  expect(resumed.output).toMatchObject({ status: "Success", tables_copied: 1, tables_skipped: 1 });
  expect(resumed.output.resumed_from).toMatch(/^run-/);
});

test("a copy that died between data and watermark is not copied twice", async () => {
  using project = createTempProject({ "rocky.toml": incremental });
  await project.sql(...source);
  await project.run();
  await project.sql("INSERT INTO raw__shop.orders VALUES (3, 'c', '2025-02-01')");
  // What the process would have left behind: rows committed, intent noted, watermark still the old one.
  await project.sql("INSERT INTO copy_shop.orders SELECT * FROM raw__shop.orders WHERE id = 3");
  {
    using state = await openState({ path: `${project.cwd}/.rocky-state.redb`, mode: "write", waitMs: 1000 });
    await state.write((transaction) => putProgress(transaction, "run-x", "w.copy_shop.orders", "running"));
  }
  await project.sql("INSERT INTO raw__shop.orders VALUES (4, 'd', '2025-02-02')");
  await project.run();
  expect((await project.sql(copied)).map((row) => row[0])).toEqual([1, 2, 3, 4]);
});

test("merge updates and inserts, and names its missing keys", async () => {
  using project = createTempProject({
    "rocky.toml": replicationToml('strategy = "merge"\nmerge_keys = ["id"]'),
  });
  await project.sql(...source);
  await project.run();
  await project.sql(
    "UPDATE raw__shop.orders SET note = 'new' WHERE id = 1",
    "INSERT INTO raw__shop.orders VALUES (3, 'c', NULL)",
  );
  expect((await project.run()).output.materializations[0]?.metadata.strategy).toBe("merge");
  expect((await project.sql(copied)).map((row) => [row[0], row[1]])).toEqual([
    [1, "new"],
    [2, "b"],
    [3, "c"],
  ]);
  await project.sql("CREATE TABLE raw__shop.keyless AS SELECT 1 AS x");
  const { output } = await project.run();
  expect(output.errors?.[0]).toMatchObject({ asset_key: ["duckdb", "shop", "keyless"] });
  expect(output.errors?.[0]?.error).toContain("merge keys (id)");
});

test("a shadow run leaves table and watermark alone", async () => {
  using project = createTempProject({ "rocky.toml": incremental });
  await project.sql(...source);
  await project.run();
  await project.sql("INSERT INTO raw__shop.orders VALUES (3, 'c', '2025-02-01')");
  const { output } = await project.run("--shadow", "--shadow-suffix", "_try");
  expect(output).toMatchObject({
    shadow: true,
    materializations: [{ asset_key: ["duckdb", "shop", "orders_try"] }],
  });
  expect(
    await project.sql(
      "SELECT (SELECT COUNT(*) FROM copy_shop.orders), (SELECT COUNT(*) FROM copy_shop.orders_try)",
    ),
  ).toEqual([["2", "3"]]);
  await project.run();
  expect(await project.sql("SELECT COUNT(*) FROM copy_shop.orders")).toEqual([["3"]]);
});

test("an unusual row count is reported once there is a baseline", async () => {
  using project = createTempProject({
    "rocky.toml": replicationToml(
      'strategy = "full_refresh"',
      "[pipeline.p.checks]\nrow_count = true\nanomaly_threshold_pct = 40.0",
    ),
  });
  await project.sql(...source);
  for (let run = 0; run < 3; run += 1) expect((await project.run()).output.anomalies).toBeUndefined();
  await project.sql("INSERT INTO raw__shop.orders SELECT range, 'x', NULL FROM range(10)");
  expect((await project.run()).output.anomalies).toMatchObject([
    { table: "w.copy_shop.orders", current_count: 12, baseline_avg: 2, deviation_pct: 500 },
  ]);
});

test("an interrupted run keeps what is finished and leaves the rest as it was", async () => {
  // The metadata column keeps DuckDB busy for minutes.
  const slow = "(SELECT SUM(sqrt(a.range) * b.range) FROM range(100000) a, range(100000) b)";
  using project = createTempProject({
    "rocky.toml": replicationToml(
      `strategy = "full_refresh"\nmetadata_columns = [{ name = "m", type = "DOUBLE", value = "${slow}" }]`,
    ),
  });
  await project.sql(
    "CREATE SCHEMA raw__shop",
    "CREATE TABLE raw__shop.a AS SELECT 1 AS x",
    "CREATE TABLE raw__shop.z AS SELECT 1 AS x",
  );
  const controller = new AbortController();
  const running = project.invoke(["run"], controller.signal);
  setTimeout(() => controller.abort(), 300);
  const result = await running;
  expect(result.exitCode).toBe(130);
  expect(result.payload).toMatchObject({ interrupted: true, tables_copied: 0, materializations: [] });
  project.write({ "rocky.toml": replicationToml('strategy = "full_refresh"') });
  expect((await project.run()).output).toMatchObject({ status: "Success", tables_copied: 2 });
});

test("the source may be another DuckDB file, which is only read", async () => {
  using project = createTempProject({
    "rocky.toml": `
[adapter.app]
type = "duckdb"
path = "app.duckdb"

[adapter.lake]
type = "duckdb"
path = "w.duckdb"

[pipeline.p]
strategy = "incremental"
timestamp_column = "ts"
[pipeline.p.source]
adapter = "app"
discovery = { adapter = "app" }
schema_pattern = { prefix = "raw__", separator = "__", components = ["source"] }
[pipeline.p.target]
adapter = "lake"
catalog_template = "w"
schema_template = "copy_{source}"
governance = { auto_create_schemas = true }
[pipeline.p.checks]
row_count = true
`,
  });
  const app = createDuckDbAdapter({ name: "app", path: `${project.cwd}/app.duckdb` });
  {
    await using session = await app.open({ mode: "write", waitMs: 1000 });
    for (const statement of source) await session.execute(statement);
  }
  const { output } = await project.run();
  expect(output).toMatchObject({ status: "Success", tables_copied: 1 });
  expect(output.check_results[0]?.checks[0]).toMatchObject({
    name: "row_count",
    passed: true,
    source_count: 2,
  });
  {
    // The file is free again once the run is over.
    await using session = await app.open({ mode: "write", waitMs: 1000 });
    await session.execute("INSERT INTO raw__shop.orders VALUES (3, 'c', '2025-02-01')");
  }
  expect((await project.run("--shadow")).output.status).toBe("Success");
  expect((await project.invoke(["compare"])).payload).toMatchObject({
    tables_compared: 1,
    results: [{ production_count: 2, shadow_count: 3, verdict: "fail" }],
  });
  const plan = (await project.invoke(["plan"])).payload as { plan_id: string };
  expect((await project.invoke(["apply", plan.plan_id])).exitCode).toBe(0);
  expect((await project.sql(copied)).map((row) => row[0])).toEqual([1, 2, 3]);
  expect((await project.invoke(["discover"])).payload).toMatchObject({ sources: [{ id: "raw__shop" }] });
});

test("watermarks can be set to what the tables really hold", async () => {
  using project = createTempProject({
    "rocky.toml": replicationToml('strategy = "incremental"\ntimestamp_column = "ts"'),
  });
  await project.sql(...source);
  await project.run();
  const reconcile = async (...argv: readonly string[]) =>
    (await project.invoke(["state", "reconcile-watermark", "--pipeline", "p", ...argv])).payload;
  const stateOf = async () =>
    (await project.invoke(["state"])).payload as { watermarks: { last_value: string }[] };
  const before = (await stateOf()).watermarks[0]?.last_value;
  await project.sql("DELETE FROM w.copy_shop.orders WHERE ts = (SELECT MAX(ts) FROM w.copy_shop.orders)");
  const dry = (await reconcile("--dry-run")) as { watermarks: { watermark: string }[] };
  expect(dry).toMatchObject({
    command: "state reconcile-watermark",
    pipeline: "p",
    dry_run: true,
    watermarks: [{ table: "w.copy_shop.orders", previous: before }],
  });
  expect((await stateOf()).watermarks[0]?.last_value).toBe(before);
  await reconcile("--table", "orders");
  expect((await stateOf()).watermarks[0]?.last_value).toBe(dry.watermarks[0]?.watermark);
  expect(dry.watermarks[0]?.watermark).not.toBe(before);
  await project.run();
  expect(await project.sql("SELECT COUNT(*) FROM w.copy_shop.orders")).toEqual([["2"]]);
  await project.sql("DELETE FROM w.copy_shop.orders");
  expect(await reconcile()).toMatchObject({ watermarks: [{ target_max: null, watermark: null }] });
  expect((await stateOf()).watermarks).toEqual([]);
  const unknown = await project.invoke(["state", "reconcile-watermark", "--table", "ordres"]);
  expect([unknown.exitCode, unknown.stderr]).toEqual([1, expect.stringContaining("orders")]);
});

test("names that need quotes are copied, added and merged like any other", async () => {
  using project = createTempProject({ "rocky.toml": incremental });
  await project.sql(
    'CREATE SCHEMA "raw__süd-ost"',
    `CREATE TABLE "raw__süd-ost"."Order Items" AS SELECT 1 AS "Id", 2 AS "order", TIMESTAMP '2025-01-01' AS ts`,
  );
  expect((await project.run()).output).toMatchObject({ status: "Success", tables_copied: 1 });
  await project.sql(
    'ALTER TABLE "raw__süd-ost"."Order Items" ADD COLUMN "net ""price""" INTEGER',
    `INSERT INTO "raw__süd-ost"."Order Items" VALUES (2, 3, '2025-01-02', 4)`,
  );
  expect((await project.run()).output.drift.actions_taken).toMatchObject([{ action: "add_columns" }]);
  project.write({ "rocky.toml": replicationToml('strategy = "merge"\nmerge_keys = ["Id"]') });
  await project.sql('UPDATE "raw__süd-ost"."Order Items" SET "order" = 9 WHERE "Id" = 1');
  expect((await project.run()).exitCode).toBe(0);
  expect(
    await project.sql('SELECT "Id", "order", "net ""price""" FROM "copy_süd-ost"."Order Items" ORDER BY 1'),
  ).toEqual([
    [1, 9, null],
    [2, 3, 4],
  ]);
});

test("old rows that come to an empty table are copied", async () => {
  using project = createTempProject({ "rocky.toml": incremental });
  await project.sql("CREATE SCHEMA raw__a", "CREATE TABLE raw__a.t (id INTEGER, ts TIMESTAMP)");
  await project.run();
  await project.sql("INSERT INTO raw__a.t VALUES (1, '1950-01-01'), (2, NULL)");
  const { output } = await project.run();
  expect(output.materializations[0]?.metadata).toMatchObject({
    strategy: "incremental",
    watermark: "1950-01-01T00:00:00Z",
  });
  await project.sql("INSERT INTO raw__a.t VALUES (3, '1951-01-01')");
  await project.run();
  expect(await project.sql("SELECT id FROM copy_a.t ORDER BY id")).toEqual([[1], [2], [3]]);
});

test("a copy onto a view says that it is one, and what to do", async () => {
  using project = createTempProject({ "rocky.toml": incremental });
  await project.sql(...source, "CREATE SCHEMA copy_shop", "CREATE VIEW copy_shop.orders AS SELECT 1 AS id");
  const { output, exitCode } = await project.run();
  expect(exitCode).toBe(1);
  expect(output.errors?.[0]).toMatchObject({ asset_key: ["duckdb", "shop", "orders"] });
  expect(output.errors?.[0]?.error).toContain("View w.copy_shop.orders");
  expect(output.errors?.[0]?.error).toContain("DROP VIEW w.copy_shop.orders");
});

test("a catalog that is not there fails its tables, and those only", async () => {
  using project = createTempProject({
    "rocky.toml": replicationToml('strategy = "full_refresh"').replace(
      'catalog_template = "w"',
      'catalog_template = "{source}"',
    ),
  });
  await project.sql(
    ...["w", "x"].flatMap((name) => [
      `CREATE SCHEMA raw__${name}`,
      `CREATE TABLE raw__${name}.t AS SELECT 1 AS id`,
    ]),
  );
  const { output, exitCode } = await project.run();
  expect([exitCode, output.tables_copied]).toEqual([2, 1]);
  expect(output.errors).toMatchObject([{ asset_key: ["duckdb", "x", "t"] }]);
  expect(output.errors?.[0]?.error).toContain("the catalog of this database is 'w'");
});

test("a placeholder that names no component is refused with the nearest", async () => {
  using project = createTempProject({
    "rocky.toml": replicationToml('strategy = "full_refresh"').replace("copy_{source}", "copy_{sourc}"),
  });
  await project.sql(...source);
  expect((await project.invoke(["validate"])).stdout).toContain("'{sourc}' in schema_template");
  const { exitCode, stderr } = await project.invoke(["run"]);
  expect(exitCode).toBe(1);
  expect(stderr).toContain("'{sourc}' in schema_template names no component");
  expect(stderr).toContain("did you mean 'source'?");
  expect(await project.sql("SELECT 1 FROM duckdb_schemas() WHERE schema_name LIKE 'copy%'")).toEqual([]);
});

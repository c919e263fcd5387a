import { expect, test } from "vitest";
import { createTempProject, replicationToml } from "../fixture.ts";

test("column_match looks at the finished copy, and every check has the severity that is set", async () => {
  using project = createTempProject({
    "rocky.toml": replicationToml(`strategy = "incremental"
timestamp_column = "ts"
checks = { enabled = true, row_count = { enabled = true, severity = "warning" }, column_match = { enabled = true, severity = "warning" } }`),
  });
  await project.sql(
    "CREATE SCHEMA raw__a",
    "CREATE TABLE raw__a.t AS SELECT 1 AS id, TIMESTAMP '2025-01-01' AS ts",
  );
  const checks = async () => (await project.run()).output.check_results[0]?.checks;
  const all = [
    { name: "column_match", passed: true, severity: "warning", missing: [], extra: [] },
    { name: "row_count", passed: true, severity: "warning" },
  ];
  expect(await checks()).toMatchObject(all);
  await project.sql("ALTER TABLE raw__a.t ADD COLUMN more INTEGER");
  expect(await checks()).toMatchObject(all);
  await project.sql("ALTER TABLE raw__a.t DROP COLUMN id", "INSERT INTO copy_a.t (ts) VALUES (NULL)");
  expect(await checks()).toMatchObject([
    { name: "column_match", passed: false, extra: ["id"] },
    { name: "row_count", passed: false, source_count: 1, target_count: 2 },
  ]);
});

test("custom checks that answer no number, or nothing, have not passed; the others are asked", async () => {
  const checks =
    'checks = { enabled = true, custom = [{ name = "text", sql = "select \'x\'" }, { name = "wrong", sql = "select nope from {table}" }, ' +
    '{ name = "few", sql = "select count(*) from {table}", threshold = 1 }] }';
  const expected = [
    { name: "text", passed: false, result_value: 0 },
    { name: "wrong", passed: false, result_value: 0 },
    { name: "few", passed: true, result_value: 1 },
  ];
  using project = createTempProject({
    "rocky.toml": replicationToml(`strategy = "full_refresh"\n${checks}`),
  });
  await project.sql("CREATE SCHEMA raw__a", "CREATE TABLE raw__a.t AS SELECT 1 AS id");
  const asked = (await project.run()).output.check_results[0]?.checks;
  expect(asked).toMatchObject(expected);
  expect(project.events.filter(({ fields }) => fields?.event === "check_problem")).toHaveLength(2);
  project.write({
    "rocky.toml": `[adapter]\ntype = "duckdb"\npath = "w.duckdb"\n[pipeline.q]\ntype = "quality"\ntables = [{ catalog = "w", schema = "copy_a" }]\ntarget = { adapter = "default" }\n${checks}\n`,
  });
  const { output, exitCode } = await project.run();
  expect([exitCode, output.check_results[0]?.checks]).toMatchObject([1, expected]);
});

test("the null rate of a small table is that of all its rows", async () => {
  using project = createTempProject({
    "rocky.toml": replicationToml(`strategy = "full_refresh"
checks = { enabled = true, null_rate = { columns = ["v"], threshold = 0.3, sample_percent = 1 } }`),
  });
  await project.sql("CREATE SCHEMA raw__a", "CREATE TABLE raw__a.t AS SELECT UNNEST([1, 2, NULL, 4]) AS v");
  const { output } = await project.run();
  expect(output.check_results[0]?.checks).toMatchObject([
    { name: "null_rate:v", null_rate: 0.25, passed: true },
  ]);
});

test("keys in several sources are told by the first of their tables, whoever finishes first", async () => {
  using project = createTempProject({
    "rocky.toml": replicationToml(`strategy = "full_refresh"
execution = { concurrency = 4 }
checks = { enabled = true, cross_source_overlap = { keys = ["id"] } }`),
  });
  await project.sql(
    "CREATE SCHEMA raw__a",
    "CREATE SCHEMA raw__b",
    // The first in order takes longest.
    "CREATE TABLE raw__a.t AS SELECT range AS id, md5(range::VARCHAR) AS v FROM range(200000)",
    "CREATE TABLE raw__b.t AS SELECT 7 AS id",
  );
  const { output } = await project.run();
  expect(output.check_results).toMatchObject([
    {
      asset_key: ["duckdb", "a", "t"],
      checks: [{ name: "cross_source_overlap:duckdb.t", passed: false, overlap_count: 1, sample: ["7"] }],
    },
  ]);
});

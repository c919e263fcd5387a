import { expect, test } from "vitest";
import { createTempProject } from "../fixture.ts";

const qualityToml = (checks: string): string => `
[adapter]
type = "duckdb"
path = "w.duckdb"

[pipeline.q]
type = "quality"
target = { adapter = "default" }

[[pipeline.q.tables]]
catalog = "w"
schema = "main"
table = "o"

[pipeline.q.checks]
enabled = true
${checks}
`;

const assertion = (text: string): string => `[[pipeline.q.checks.assertions]]\ntable = "o"\n${text}\n`;

const all = [
  'type = "not_null"\ncolumn = "n"',
  'type = "unique"\ncolumn = "id"',
  'type = "unique_expr"\nkey_expr = "id % 2"',
  'type = "accepted_values"\ncolumn = "n"\nvalues = ["a", "b"]',
  'type = "relationships"\ncolumn = "id"\nto_table = "main.parents"\nto_column = "id"',
  'type = "expression"\nexpression = "id > 0"',
  'type = "row_count_range"\nmin = 1\nmax = 3',
  'type = "in_range"\ncolumn = "id"\nmin = "0"\nmax = "2"',
  'type = "regex_match"\ncolumn = "n"\npattern = "^a"',
  'type = "aggregate"\nop = "sum"\ncolumn = "id"\ncmp = ">"\nvalue = "100"',
  'type = "composite"\nkind = "unique"\ncolumns = ["id", "n"]',
  'type = "not_in_future"\ncolumn = "ts"',
  'type = "older_than_n_days"\ncolumn = "ts"\ndays = 1',
  'type = "not_null"\ncolumn = "n"\nname = "filtered"\nfilter = "id < 3"',
  'type = "not_null"\ncolumn = "no_such"\nseverity = "warning"',
];

const table = [
  "CREATE TABLE parents AS SELECT range AS id FROM range(3)",
  "CREATE TABLE o (id INTEGER, n VARCHAR, ts TIMESTAMP)",
  "INSERT INTO o VALUES (1, 'a', '2020-01-01'), (1, 'b', '2020-01-01'), (2, 'c', '2020-01-01'), (5, NULL, '2999-01-01')",
];

test("every kind of assertion counts what breaks it", async () => {
  using project = createTempProject({
    "rocky.toml": qualityToml(`row_count = true\n${all.map(assertion).join("")}`),
  });
  await project.sql(...table);
  const { output, exitCode } = await project.run();
  const results = output.check_results[0]?.checks.map((one) => [one.name, one.passed, one.failing_rows]);
  expect(results).toEqual([
    ["row_count", true, undefined],
    ["not_null:n", false, 1],
    ["unique:id", false, 1],
    ["unique_expr:-", false, 1],
    ["accepted_values:n", false, 1],
    ["relationships:id", false, 1],
    ["expression:-", true, 0],
    ["row_count_range:-", false, 4],
    ["in_range:id", false, 1],
    ["regex_match:n", false, 2],
    ["aggregate:id", false, 1],
    ["composite:-", true, 0],
    ["not_in_future:ts", false, 1],
    ["older_than_n_days:ts", false, 1],
    ["filtered", true, 0],
    ["not_null:no_such", false, 0],
  ]);
  expect([exitCode, output.status]).toEqual([1, "Success"]);
  const { payload } = await project.invoke(["history"]);
  expect(payload).toMatchObject({ runs: [{ status: "Failure", pipeline: "q", models: [] }] });
});

test("warnings, or fail_on_error = false, do not fail the run", async () => {
  using project = createTempProject({
    "rocky.toml": qualityToml(`fail_on_error = false\n${assertion(all[0] ?? "")}`),
  });
  await project.sql(...table);
  expect((await project.run()).exitCode).toBe(0);
  project.write({ "rocky.toml": qualityToml(assertion(`${all[0]}\nseverity = "warning"`)) });
  expect((await project.run()).exitCode).toBe(0);
});

test("quarantine splits, tags again and again to the same table, or drops", async () => {
  const rules =
    assertion('type = "in_range"\ncolumn = "id"\nmin = "0"\nmax = "3"') +
    assertion('type = "expression"\nexpression = "n <> \'c\'"') +
    assertion('type = "expression"\nexpression = "n <> \'q\'"\nname = "second of its kind"');
  const quarantine = (mode: string): string =>
    qualityToml(`${rules}\n[pipeline.q.checks.quarantine]\nenabled = true\nmode = "${mode}"\n`);
  using project = createTempProject({ "rocky.toml": quarantine("split") });
  await project.sql(...table);
  expect((await project.run()).output.quarantine).toEqual([
    {
      asset_key: ["w", "main", "o"],
      mode: "split",
      valid_table: "w.main.o__valid",
      quarantine_table: "w.main.o__quarantine",
      valid_rows: 2,
      quarantined_rows: 2,
      ok: true,
    },
  ]);
  expect(
    await project.sql("SELECT id, _error_in_range_id, _error_expression FROM o__quarantine ORDER BY id"),
  ).toEqual([
    [2, null, "_error_expression"],
    [5, "_error_in_range_id", null],
  ]);
  project.write({ "rocky.toml": quarantine("drop") });
  expect((await project.run()).output.quarantine).toMatchObject([
    { mode: "drop", valid_rows: 2, quarantined_rows: 2 },
  ]);
  project.write({ "rocky.toml": quarantine("tag") });
  await project.run();
  await project.run();
  expect(await project.sql("SELECT column_name FROM duckdb_columns() WHERE table_name = 'o'")).toEqual(
    ["id", "n", "ts", "_error_in_range_id", "_error_expression", "_error_expression_2"].map((name) => [name]),
  );
});

test("a quarantine column has its assertion's own name where that is an identifier", async () => {
  const rules = [
    'name = "id_in_range"\ntype = "in_range"\ncolumn = "id"\nmin = "0"\nmax = "3"',
    'name = "not: c"\ntype = "expression"\nexpression = "n <> \'c\'"',
    'type = "expression"\nexpression = "id <> 2"',
  ];
  const split = "\n[pipeline.q.checks.quarantine]\nenabled = true\n";
  using project = createTempProject({
    "rocky.toml": qualityToml(`${rules.map(assertion).join("")}${split}`),
  });
  await project.sql(...table);
  await project.run();
  expect(
    await project.sql(
      "SELECT column_name FROM duckdb_columns() WHERE table_name = 'o__quarantine' AND column_name LIKE '\\_error%' ESCAPE '\\'",
    ),
  ).toEqual([["_error_id_in_range"], ["_error_expression"], ["_error_expression_2"]]);
});

test("a table that does not exist has passed nothing, and an assertion about no table is told", async () => {
  using project = createTempProject({
    "rocky.toml": qualityToml(
      '[[pipeline.q.checks.assertions]]\ntable = "po"\ntype = "not_null"\ncolumn = "n"\n',
    ),
  });
  await project.sql("CREATE TABLE p AS SELECT 1 AS n");
  const { output, exitCode } = await project.run();
  expect([exitCode, output.errors?.map(({ error }) => error)]).toEqual([
    1,
    ["table 'w.main.o' does not exist"],
  ]);
  expect(output.check_results).toEqual([]);
  const told = project.events.filter(({ fields }) => fields?.event === "check_problem");
  expect(told.map(({ message }) => message)).toEqual([
    "check not_null:n could not be asked: the pipeline has no table 'po'; did you mean 'o'?",
  ]);
});

test("of a whole schema, the tables that quarantine makes are not checked in their turn", async () => {
  const quarantined = 'row_count = true\nquarantine = { enabled = true, mode = "split" }\n';
  using project = createTempProject({
    "rocky.toml": qualityToml(`${quarantined}${assertion('type = "not_null"\ncolumn = "n"')}`).replace(
      'table = "o"\n\n[pipeline.q.checks]',
      "\n[pipeline.q.checks]",
    ),
  });
  await project.sql("CREATE TABLE o AS SELECT 1 AS n", "CREATE TABLE other__valid AS SELECT 1 AS n");
  for (const _again of [1, 2]) {
    const { output, exitCode } = await project.run();
    expect([exitCode, output.check_results.map(({ asset_key }) => asset_key.at(-1))]).toEqual([
      0,
      ["o", "other__valid"],
    ]);
  }
});

import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Session } from "../adapters/adapter.ts";
import { createDuckDbAdapter } from "../adapters/duckdb/duckdb-adapter.ts";
import type { InvocationResult } from "./invocation.ts";
import { invoke } from "./invoke.ts";

const CONFIG = `[adapter]
type = "duckdb"
path = "shop.duckdb"
[pipeline.marts]
type = "transformation"
[pipeline.marts.target]
adapter = "default"
[pipeline.marts.target.governance]
auto_create_schemas = true
`;

const FILES: Readonly<Record<string, string>> = {
  "rocky.toml": CONFIG,
  "models/_defaults.toml": '[target]\ncatalog = "shop"\nschema = "main"\n',
  "models/orders.sql": "SELECT id, CAST(amount AS DECIMAL(10,2)) AS amount, day FROM raw.orders",
  "models/orders.toml": `[columns.id]\ndescription = "order number"\n[[tests]]\ntype = "not_null"\ncolumn = "id"\n[[tests]]\ntype = "unique"\ncolumn = "day"\nseverity = "warning"\n`,
  "models/daily.sql": "SELECT day, SUM(amount) AS total FROM orders GROUP BY day ORDER BY day",
  "models/daily.toml": `[strategy]
type = "merge"
unique_key = ["day"]

[[test]]
name = "adds up"
[[test.given]]
ref = "orders"
rows = [{ id = 1, amount = 2.5, day = "2025-01-01" }, { id = 2, amount = 1.5, day = "2025-01-01" }]
[test.expect]
rows = [{ day = "2025-01-01", total = 4 }]

[[test]]
name = "keeps the order"
[[test.given]]
ref = "orders"
rows = [{ amount = 1, day = "b" }, { amount = 2, day = "a" }]
[test.expect]
ordered = true
rows = [{ day = "a" }, { day = "b" }]
`,
  "data/seed.sql":
    "CREATE SCHEMA raw; CREATE TABLE raw.orders AS SELECT 1 AS id, 2.5 AS amount, DATE '2025-01-01' AS day UNION ALL SELECT NULL, 1, DATE '2025-01-01'",
};

let cwd = "";
const write = (files: Readonly<Record<string, string>>): void => {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(cwd, path)), { recursive: true });
    writeFileSync(join(cwd, path), text);
  }
};
const rocky = (...argv: readonly string[]): Promise<InvocationResult> => invoke(argv, { cwd, env: {} });

beforeEach(() => {
  cwd = mkdtempSync(join(tmpdir(), "rocky-commands-"));
  write(FILES);
});
afterEach(() => rmSync(cwd, { recursive: true, force: true }));

describe("compile", () => {
  it("reports one model, expands macros and takes types from the seed script", async () => {
    const plain = await rocky("compile", "--model", "daily", "--expand-macros");
    expect(plain).toMatchObject({
      exitCode: 0,
      payload: {
        models: 1,
        execution_layers: 1,
        diagnostics: [],
        expanded_sql: { daily: FILES["models/daily.sql"] },
      },
    });
    const seeded = await rocky("compile", "--with-seed");
    expect(seeded.payload).toMatchObject({
      diagnostics: [
        { code: "W005", model: "orders" },
        { code: "W005", model: "daily" },
      ],
    });
  });

  it("prints the payload and fails when there are errors", async () => {
    write({ "models/daily.contract.toml": '[rules]\nrequired = ["missing"]\n' });
    const result = await rocky("compile");
    expect(result.exitCode).toBe(1);
    expect(result.payload).toMatchObject({ has_errors: true });
    expect(result.stderr).toContain("missing");
    const table = await rocky("-o", "table", "compile");
    expect(table.stdout).toContain("error[E010] daily");
  });

  it("compile and ci refuse SQL that the configured warehouse does not know", async () => {
    const p001 = { has_errors: true, diagnostics: [{ severity: "Error", code: "P001", model: "orders" }] };
    write({
      "rocky.toml": `${CONFIG}[portability]\ntarget_dialect = "bigquery"\n`,
      "models/orders.sql": "SELECT id, NVL(amount, 0) AS amount, day FROM raw.orders",
    });
    const compiled = await rocky("compile", "--model", "orders");
    expect(compiled).toMatchObject({ exitCode: 1, payload: p001 });
    expect(await rocky("compile", "--model", "daily")).toMatchObject({ exitCode: 0 });
    expect(await rocky("compile", "--target-dialect", "sf")).toMatchObject({ exitCode: 0 });
    expect(await rocky("ci")).toMatchObject({ exitCode: 1, payload: { compile_ok: false } });
    write({ "rocky.toml": `${CONFIG}[portability]\ntarget_dialect = "bigquery"\nallow = ["nvl"]\n` });
    expect(await rocky("compile")).toMatchObject({ exitCode: 0, payload: { has_errors: false } });
  });

  it("fails without payload for an unknown model, a bad --var and no models", async () => {
    for (const argv of [
      ["compile", "--model", "dayly"],
      ["compile", "--var", "oops"],
      ["compile", "--models", "nowhere"],
    ]) {
      const result = await rocky(...argv);
      expect([result.exitCode > 0, result.stdout]).toEqual([true, ""]);
    }
    expect((await rocky("compile", "--model", "dayly")).stderr).toContain("did you mean 'daily'");
  });
});

describe("lineage", () => {
  it("draws a graph as plain text and follows a column to its readers", async () => {
    const dot = await rocky("lineage", "orders", "--format", "dot");
    expect(dot.stdout).toMatch(/^digraph lineage \{/);
    const trace = await rocky("lineage", "orders.amount", "--downstream");
    expect(trace.payload).toMatchObject({
      direction: "downstream",
      trace: [{ target: { model: "daily", column: "total" }, transform: "aggregation: sum" }],
      downstream_consumers: [{ model: "daily", column: "total" }],
    });
  });
});

describe("dag", () => {
  it("says why lineage is missing and still shows the graph", async () => {
    write({ "models/daily.sql": "SELEC 1" });
    const result = await rocky("dag", "--column-lineage");
    expect(result.exitCode).toBe(0);
    expect(result.payload).toMatchObject({
      summary: { total_nodes: 4 },
      column_lineage_unavailable: expect.stringContaining("daily"),
    });
  });
});

describe("test and ci", () => {
  it("build models on sample data and run unit tests", async () => {
    const result = await rocky("test");
    expect(result.payload).toMatchObject({
      total: 2,
      passed: 2,
      failed: 0,
      unit_tests: { total: 2, passed: 2 },
    });
    expect(result.exitCode).toBe(0);
    expect(await rocky("ci")).toMatchObject({
      exitCode: 0,
      payload: { compile_ok: true, tests_ok: true, tests_passed: 2 },
    });
  });

  it("show what differs", async () => {
    write({
      "models/daily.sql": "SELECT day, MAX(amount) AS total FROM orders GROUP BY day ORDER BY day DESC",
    });
    const result = await rocky("test", "--model", "daily");
    expect(result.exitCode).toBe(1);
    expect(result.payload).toMatchObject({
      total: 1,
      unit_tests: {
        failed: 2,
        results: [
          {
            test: "adds up",
            passed: false,
            mismatches: [
              { kind: "missing", row_index: 0, expected: "day=2025-01-01, total=4", actual: null },
              { kind: "extra", row_index: 1, expected: "", actual: "day=2025-01-01, total=2.5" },
            ],
          },
          {
            test: "keeps the order",
            mismatches: [
              { kind: "value_diff", row_index: 0, expected: "day=a", actual: "day=b" },
              { kind: "value_diff", row_index: 1, expected: "day=b", actual: "day=a" },
            ],
          },
        ],
      },
    });
  });

  it("fail for a model that cannot be built", async () => {
    write({ "models/broken.sql": "SELECT nothing FROM raw.orders" });
    expect((await rocky("ci")).payload).toMatchObject({ tests_ok: false, tests_failed: 1, exit_code: 1 });
    const result = await rocky("test");
    expect(result.payload).toMatchObject({
      failures: [{ name: "broken", error: expect.stringContaining("nothing") }],
    });
  });

  it("ask declared tests of the warehouse", async () => {
    const before = await rocky("test", "--declarative");
    expect(before.payload).toMatchObject({ declarative: { errored: 2 } });
    await rocky("-c", "rocky.toml", "run", "--model", "orders");
    const missing = await rocky("test", "--declarative");
    expect(missing.exitCode).toBe(1);
  });
});

describe("emit-sql", () => {
  it("writes each warehouse's statements and takes keys into a merge", async () => {
    expect((await rocky("emit-sql", "--dialect", "databricks")).stdout).toContain(
      "CREATE OR REPLACE TABLE shop.main.orders AS\nSELECT",
    );
    const snowflake = await rocky("emit-sql", "--dialect", "snowflake", "--model", "daily");
    expect(snowflake.stdout).toContain(
      'WHEN NOT MATCHED THEN INSERT ("day", "total") VALUES (s."day", s."total");',
    );
    expect(snowflake.stdout).toContain('FROM "shop"."main"."orders"');
    write({
      "models/daily.toml": '[strategy]\ntype = "merge"\nunique_key = ["day"]\nupdate_columns = ["total"]\n',
    });
    expect((await rocky("emit-sql", "--dialect", "snowflake", "--model", "daily")).stdout).toMatch(
      /UPDATE SET t\."total" = s\."total"\nWHEN NOT MATCHED THEN INSERT \("day", "total"\)/,
    );
    expect((await rocky("emit-sql", "--dialect", "trino")).stdout).toContain(
      'DROP TABLE IF EXISTS "shop"."main"."orders";',
    );
    expect((await rocky("emit-sql", "--dialect", "bigquery")).stdout).toContain("no SQL for bigquery");
  });
});

describe("emit-sql for DuckDB", () => {
  it("prints statements that do what a run does", async () => {
    const open = () =>
      createDuckDbAdapter({ name: "default", path: join(cwd, "shop.duckdb") }).open({
        mode: "write",
        waitMs: 0,
      });
    const daily = async (session: Session) => session.query("SELECT * FROM shop.main.daily ORDER BY day");
    {
      await using session = await open();
      await session.execute("CREATE SCHEMA raw");
      await session.execute(
        "CREATE TABLE raw.orders AS SELECT 1 AS id, 2.5 AS amount, DATE '2025-01-01' AS day",
      );
    }
    expect((await rocky("run")).exitCode).toBe(0);
    const emitted = (await rocky("emit-sql", "--dialect", "duckdb")).stdout;
    const change = "INSERT INTO raw.orders VALUES (2, 1, DATE '2025-01-01'), (3, 7, DATE '2025-01-02')";
    await using session = await open();
    await session.execute(change);
    // Written models last: `daily` reads `orders`, and the statements are printed model by model.
    const blocks = emitted.split("-- model: ").filter((block) => block !== "");
    const statements = (name: string): string =>
      blocks.find((block) => block.startsWith(name))?.replace(/^.*\n(--.*\n)*/, "") ?? "";
    await session.execute(statements("orders"));
    await session.execute(statements("daily"));
    const byHand = await daily(session);
    expect(byHand).toEqual([
      ["2025-01-01", "3.50"],
      ["2025-01-02", "7.00"],
    ]);
    await session.execute("DELETE FROM shop.main.daily WHERE total > 5");
    await session[Symbol.asyncDispose]();
    expect((await rocky("run")).exitCode).toBe(0);
    await using after = await open();
    expect(await daily(after)).toEqual(byHand);
  });
});

describe("catalog", () => {
  it("describes models and sources and writes a file when asked", async () => {
    const result = await rocky("catalog", "--out", "docs");
    expect(result.payload).toMatchObject({
      assets: [
        { model_name: "daily", upstream_models: ["orders"] },
        {
          model_name: "orders",
          fqn: "shop.main.orders",
          kind: "Model",
          upstream_models: ["raw.orders"],
          downstream_models: ["daily"],
          columns: [{ name: "id", description: "order number" }, { name: "amount" }, { name: "day" }],
        },
        {
          model_name: "raw.orders",
          kind: "Source",
          columns: [{ name: "amount" }, { name: "day" }, { name: "id" }],
        },
      ],
      stats: { asset_count: 3, assets_with_star: 0, orphan_columns: 0 },
    });
    expect(JSON.parse(readFileSync(join(cwd, "docs/catalog.json"), "utf8"))).toMatchObject({
      command: "catalog",
    });
  });
});

describe("lineage-diff", () => {
  it("compares with a commit and says who reads a changed column", async () => {
    const git = (...args: readonly string[]): void =>
      void execFileSync("git", ["-c", "user.name=t", "-c", "user.email=t@example.test", ...args], { cwd });
    git("init", "-q");
    git("add", "-A");
    git("commit", "-q", "-m", "first");
    write({
      "models/orders.sql":
        "SELECT id, CAST(amount AS DECIMAL(10,2)) AS amount, SUM(amount) AS total_amount FROM raw.orders",
      "models/daily.sql": "SELECT SUM(total_amount) AS total FROM orders",
    });
    const { payload } = await rocky("lineage-diff", "HEAD");
    expect(payload).toMatchObject({
      summary: { total_models: 2, modified: 2, added: 0, removed: 0, unchanged: 0 },
      results: [
        { model_name: "daily", column_changes: [{ column_name: "day", change_type: "removed" }] },
        {
          model_name: "orders",
          column_changes: [
            {
              column_name: "total_amount",
              change_type: "added",
              downstream_consumers: [{ model: "daily", column: "total" }],
            },
            { column_name: "day", change_type: "removed" },
          ],
        },
      ],
      markdown: expect.stringContaining("`daily.total`"),
    });
    expect(await rocky("lineage-diff", "no-such-branch")).toMatchObject({ exitCode: 1, stdout: "" });
  });

  it("counts only models that were rewritten, and calls an unknown type by its name", async () => {
    const git = (...args: readonly string[]): void =>
      void execFileSync("git", ["-c", "user.name=t", "-c", "user.email=t@example.test", ...args], { cwd });
    git("init", "-q");
    git("add", "-A");
    git("commit", "-q", "-m", "first");
    write({ "models/daily.sql": "SELECT day AS business_day FROM orders" });
    const { payload } = await rocky("lineage-diff", "HEAD");
    expect(payload).toMatchObject({
      summary: { total_models: 1, modified: 1, added: 0, removed: 0, unchanged: 0 },
      results: [
        {
          model_name: "daily",
          column_changes: expect.arrayContaining([
            { column_name: "business_day", change_type: "added", new_type: "Unknown" },
          ]),
        },
      ],
    });
  });
});

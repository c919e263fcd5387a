import { beforeAll, describe, expect, it } from "vitest";
import type { Output, QueryFacts } from "./facts.ts";
import { analyzeFully, loadFullParser } from "./full-parser.ts";

beforeAll(loadFullParser);

const factsOf = (sql: string): QueryFacts => {
  const analysis = analyzeFully(sql);
  if (!analysis.ok) throw new Error(analysis.problem.message);
  return analysis.facts;
};

const sources = (sql: string): readonly string[] =>
  factsOf(sql).query.outputs.map((output: Output) =>
    output.kind === "column"
      ? `${output.name} < ${output.source === null ? "-" : `${output.source.table}.${output.source.column} ${output.source.transform.kind}`}`
      : output.kind,
  );

const tables = (sql: string): readonly string[] =>
  factsOf(sql).references.map(({ parts, outer }) => `${parts.join(".")}${outer ? "" : " (inner)"}`);

describe("columns", () => {
  it("come from the only table when they are not qualified, and from none when there are two", () => {
    expect(sources("SELECT id FROM raw.orders")).toEqual(["id < raw.orders.id direct"]);
    expect(sources("SELECT id FROM a JOIN b ON a.x = b.x")).toEqual(["id < -"]);
  });

  it("are traced through aliases, casts and calls, and stop at operators", () => {
    const sql =
      "SELECT o.id AS k, CAST(o.a AS INT) AS c, TRY_CAST(o.b AS INT)::TEXT AS t, SUM(o.v) AS s, upper(o.n) AS u, " +
      "o.a + 1 AS p, (o.a) AS q, LAG(o.a) OVER (ORDER BY o.b) AS l FROM raw.orders o JOIN x ON TRUE";
    expect(sources(sql)).toEqual([
      "k < raw.orders.id direct",
      "c < raw.orders.a cast",
      "t < raw.orders.b try_cast",
      "s < raw.orders.v aggregation",
      "u < raw.orders.n expression",
      "p < -",
      "q < -",
      "l < raw.orders.a aggregation",
    ]);
  });

  it("of structs come from the column that holds the struct", () => {
    expect(sources("SELECT o.address.city AS city FROM orders o")).toEqual(["city < orders.address direct"]);
  });

  it("without a name are marked, and stars say what they leave out", () => {
    expect(sources("SELECT COUNT(*), upper(n) FROM t")).toEqual(["unnamed", "n < t.n expression"]);
    const [star] = factsOf("SELECT t.* EXCLUDE (A) REPLACE (1 AS b) FROM t").query.outputs;
    expect(star).toEqual({ kind: "star", qualifier: "t", except: ["a"], computed: ["b"], renamed: [] });
  });
});

describe("references", () => {
  it("are found at every depth, except names of CTEs in scope", () => {
    expect(
      tables(
        "WITH c AS (SELECT * FROM x) SELECT (SELECT MAX(v) FROM y) AS m FROM c JOIN main.z ON c.id IN (SELECT id FROM w)",
      ),
    ).toEqual(["x (inner)", "y (inner)", "main.z", "w (inner)"]);
  });

  it("mean the table outside where a CTE reads its own name", () => {
    expect(tables("WITH orders AS (SELECT * FROM orders) SELECT id FROM orders")).toEqual(["orders (inner)"]);
    expect(tables("WITH RECURSIVE n AS (SELECT 1 AS i UNION ALL SELECT i FROM n) SELECT i FROM n")).toEqual(
      [],
    );
  });

  it("leave out table functions and files, and keep both arms of a union outer", () => {
    expect(tables("SELECT a FROM read_csv('x.csv'), 'y.parquet', t")).toEqual(["t"]);
    expect(tables("(SELECT a FROM x) UNION ALL SELECT a FROM y")).toEqual(["x", "y"]);
  });

  it("carry offsets that hold for lines and characters beyond the basic plane", () => {
    const sql = "SELECT '😀' AS a\nFROM\n  \"my 😀\".orders AS o";
    const [reference] = factsOf(sql).references;
    expect(sql.slice(reference?.start, reference?.end)).toBe('"my 😀".orders');
    expect(reference).toMatchObject({ parts: ["my 😀", "orders"], alias: "o" });
  });
});

describe("what is no model", () => {
  it.each([
    ["SELEC 1", /found: SELEC/, 1, 1],
    ["SELECT a\nFROM t\nWHERE", /expression/i, 3, 6],
    ["SELECT FROM WHERE", /columns after SELECT|found: WHERE/, 1, expect.any(Number)],
    ["SELECT 1 AS x FROM (SELECT\n  FROM t) q", /columns after SELECT/, 1, 21],
    ["SELECT select FROM t", /found: select/, 1, 8],
    ["SELECT a FROM\n  where", /found: where/, 2, 3],
    ["SELECT a\nFROM \0 t", /NUL character/, 2, 6],
  ])("%s is refused with its place", (sql, message, line, column) => {
    const analysis = analyzeFully(sql);
    expect(analysis).toMatchObject({
      ok: false,
      problem: { message: expect.stringMatching(message), line, column },
    });
  });

  it.each([
    ["", /empty/],
    ["SELECT 1; SELECT 2", /2 statements/],
    ["CREATE TABLE t (a INT)", /another kind/],
    ["VALUES (1)", /VALUES/],
    ["SELECT 1 AS a UNION ALL SELECT 2 AS a", /reads no table/],
  ])("%j is refused", (sql, message) => {
    expect(analyzeFully(sql)).toMatchObject({
      ok: false,
      problem: { message: expect.stringMatching(message) },
    });
  });

  it("are texts that would exhaust the parser's memory", () => {
    expect(analyzeFully("(".repeat(9_000_000))).toMatchObject({
      ok: false,
      problem: { message: expect.stringContaining("9000000 characters") },
    });
  });

  it.each([
    "FROM t SELECT a",
    "SELECT [1, 2] AS l, {'a': 1} AS s FROM t",
    "SELECT * EXCEPT (a) FROM t",
    "SELECT a FROM t LATERAL VIEW explode(x) y AS z",
    "SELECT a // b AS q FROM t",
    'SELECT "from", t.order, s.group AS from FROM raw.order t JOIN "where" s ON TRUE',
    "SELECT a FROM t UNION BY NAME SELECT b FROM u",
  ])("%s is read by one dialect or another", (sql) => {
    expect(analyzeFully(sql).ok).toBe(true);
  });
});

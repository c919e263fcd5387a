import { beforeAll, describe, expect, it } from "vitest";
import { accept } from "../accept.ts";
import { analyzeFully, loadFullParser } from "../full-parser.ts";
import { randomQueries } from "./random-query.ts";
import { analyzeQuickly } from "./index.ts";

beforeAll(loadFullParser);

const READ_QUICKLY = [
  "SELECT a, b.c AS d FROM t b",
  'SELECT DISTINCT a AS "Q", b b2 FROM t;;',
  "SELECT * EXCLUDE (x, y) FROM main.t AS q WHERE a = 'it''s' -- remark\n AND b /* other */ <> 1",
  "WITH c AS (SELECT a FROM x), d AS (SELECT * FROM c) SELECT d.*, c.a FROM c JOIN d USING (a)",
  "WITH RECURSIVE n AS (SELECT 1 AS i UNION ALL SELECT i + 1 FROM n WHERE i < 3) SELECT i FROM n",
  "(SELECT a FROM x) UNION ALL (SELECT b FROM y INTERSECT SELECT c FROM z) ORDER BY 1 LIMIT 3",
  "SELECT CAST(a AS DECIMAL(12,2)) x, TRY_CAST(b AS INT) y, c::text::date z FROM t",
  "SELECT SUM(a) FILTER (WHERE b > 1) OVER (PARTITION BY c ORDER BY d DESC NULLS LAST ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) s FROM t",
  "SELECT CASE a WHEN 1 THEN 2 ELSE 3 END c, a BETWEEN 1 AND 2 AND b IN (1, 2) OR c NOT IN (SELECT d FROM e) AS p FROM t",
  "SELECT q.id FROM (SELECT id FROM x) q LEFT OUTER JOIN y ON q.id = y.id, z",
  "SELECT a FROM t WHERE b >= @start_date AND c < DATE '2025-01-01' - INTERVAL 1 DAY GROUP BY ALL HAVING COUNT(*) > 1",
  "SELECT ROW_NUMBER() OVER (ORDER BY a) AS position, t.order, t.date FROM t QUALIFY t.position = 1",
  "SELECT EXTRACT(year FROM x) y, TRIM(a), CURRENT_DATE d, COUNT(DISTINCT b) FROM t WHERE NOT EXISTS (WITH z AS (SELECT 1 FROM k) SELECT * FROM z, z2)",
  "SELECT s.address.city, s.a FROM schema1.s",
  "SELECT 'ünï' AS a, \"größe\" AS b FROM t",
];

const LEFT_TO_THE_FULL_PARSER = [
  "SELECT a FROM t NATURAL JOIN u",
  "SELECT a FROM (t JOIN u ON TRUE)",
  "SELECT a FROM read_csv('x.csv')",
  "SELECT a FROM t, UNNEST(t.l) AS u(v)",
  "SELECT list_transform(l, x -> x + 1) FROM t",
  "SELECT E'x' AS a FROM t",
  "SELECT a FROM t WINDOW w AS (ORDER BY a)",
  "SELECT 1e3 AS a",
  "SELECT a /* /* nested */ */ FROM t",
];

const WRONG = [
  "SELEC 1",
  "SELECT",
  "SELECT a FROM",
  "SELECT a, FROM t WHERE",
  "SELECT (a FROM t",
  "SELECT 'a FROM t",
  "SELECT CASE WHEN a THEN b FROM t",
  "SELECT CAST(a AS) FROM t",
  "SELECT a FROM t GROUP BY",
  "WITH x AS SELECT 1 SELECT 2",
  "SELECT a FROM t1 UNION",
  "CREATE TABLE x AS SELECT 1",
];

describe("quick parser", () => {
  it.each(READ_QUICKLY)("finds in %s what the full parser finds", (sql) => {
    const facts = analyzeQuickly(sql);
    expect(facts).toBeDefined();
    if (facts !== undefined) expect(accept(facts)).toEqual(analyzeFully(sql));
  });

  it.each(LEFT_TO_THE_FULL_PARSER)("has no opinion about %s", (sql) => {
    expect(analyzeQuickly(sql)).toBeUndefined();
    expect(analyzeFully(sql).ok).toBe(true);
  });

  it.each(WRONG)("never accepts %s", (sql) => {
    expect(analyzeQuickly(sql)).toBeUndefined();
    expect(analyzeFully(sql).ok).toBe(false);
  });

  it("agrees with the full parser on thousands of generated queries, sound and broken", () => {
    let quick = 0;
    const disagreements: string[] = [];
    for (const sql of randomQueries(20_251_120, 3000)) {
      const facts = analyzeQuickly(sql);
      if (facts === undefined) continue;
      quick += 1;
      if (JSON.stringify(accept(facts)) !== JSON.stringify(analyzeFully(sql))) disagreements.push(sql);
    }
    expect(disagreements.slice(0, 5)).toEqual([]);
    expect(quick).toBeGreaterThan(1500);
  }, 120_000);

  it("does not follow a query nested without end", () => {
    const sql = `SELECT ${"(".repeat(100_000)}1${")".repeat(100_000)}`;
    expect(analyzeQuickly(sql)).toBeUndefined();
  });
});

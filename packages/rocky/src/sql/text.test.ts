import { beforeAll, describe, expect, it } from "vitest";
import { analyzeFully, loadFullParser } from "./full-parser.ts";
import { lineMap } from "./positions.ts";
import { rewriteQuery } from "./rewrite.ts";
import { bareQuery, scanRegions } from "./scan.ts";
import { substituteVariables } from "./variables.ts";

beforeAll(loadFullParser);

describe("scanRegions", () => {
  it("covers the text and tells quotes and comments from code", () => {
    const sql = "a 'it''s' \"q\" -- c\n/* x /* y */ z */ b";
    const regions = scanRegions(sql);
    expect(regions.map((region) => sql.slice(region.start, region.end)).join("")).toBe(sql);
    expect(regions.filter((region) => region.kind !== "code").map((r) => sql.slice(r.start, r.end))).toEqual([
      "'it''s'",
      '"q"',
      "-- c",
      "/* x /* y */ z */",
    ]);
  });
});

describe("bareQuery", () => {
  it("drops semicolons outside quotes and keeps a closing remark from swallowing what follows", () => {
    expect(bareQuery(" SELECT ';' AS a ; -- done\n")).toBe("SELECT ';' AS a  -- done\n");
    expect(bareQuery("SELECT 1 -- one")).toBe("SELECT 1 -- one\n");
    expect(bareQuery("SELECT 1 -- one\n AS a")).toBe("SELECT 1 -- one\n AS a");
  });
});

describe("substituteVariables", () => {
  it("takes given values, then defaults, and names what is missing", () => {
    const sql = "SELECT @var(a), '@var(b)', @var(c, coalesce(x, ')')), @var( d ) -- @var(e)";
    expect(substituteVariables(sql, { a: "1", b: "north" })).toEqual({
      sql: "SELECT 1, 'north', coalesce(x, ')'), NULL -- @var(e)",
      missing: ["d"],
    });
  });

  it("lets a given value win over the default, also an empty one", () => {
    expect(substituteVariables("@var(a, 1)", { a: "" }).sql).toBe("");
    expect(substituteVariables("@var(toString, 1)", {}).sql).toBe("1");
  });
});

describe("lineMap", () => {
  it("goes from places to offsets and back", () => {
    const text = "ab\n😀c\n\nd";
    const lines = lineMap(text);
    expect(lines.offsetOf(2, 2)).toBe(5);
    expect(lines.positionOf(5)).toEqual({ line: 2, column: 2 });
    expect(lines.positionOf(text.length - 1)).toEqual({ line: 4, column: 1 });
  });
});

describe("rewriteQuery", () => {
  const rewritten = (sql: string, inline: readonly string[] = []): string => {
    const analysis = analyzeFully(sql);
    if (!analysis.ok) throw new Error(analysis.problem.message);
    return rewriteQuery(sql, analysis.facts, {
      rename: ({ parts }) => (parts.join(".") === "orders" ? "db.main.orders_v2" : undefined),
      inline: inline.map((name) => ({ name, sql: "SELECT 1 AS one" })),
    });
  };

  it("keeps the old name usable as a qualifier", () => {
    expect(rewritten("SELECT orders.id FROM orders")).toBe(
      "SELECT orders.id FROM db.main.orders_v2 AS orders",
    );
    expect(rewritten("SELECT o.id FROM orders o, raw.orders")).toBe(
      "SELECT o.id FROM db.main.orders_v2 o, raw.orders",
    );
  });

  it("writes the old name as the query does", () => {
    expect(rewritten('SELECT "orders".id FROM "orders"')).toBe(
      'SELECT "orders".id FROM db.main.orders_v2 AS "orders"',
    );
  });

  it("adds CTEs before those that are there", () => {
    expect(rewritten("SELECT a FROM x", ["e"])).toBe("WITH e AS (\nSELECT 1 AS one\n)\nSELECT a FROM x");
    expect(rewritten("-- hi\nWITH RECURSIVE c AS (SELECT a FROM x) SELECT a FROM c", ["e"])).toBe(
      "-- hi\nWITH RECURSIVE e AS (\nSELECT 1 AS one\n),\nc AS (SELECT a FROM x) SELECT a FROM c",
    );
  });
});

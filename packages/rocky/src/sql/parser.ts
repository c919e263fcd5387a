import { init, parse } from "@guanmingchiu/sqlparser-ts";
import type { Analysis, QueryFacts, SqlProblem } from "./facts.ts";
import { type LineMap, lineMap } from "./positions.ts";
import { queryShape } from "./query-shape.ts";
import { tableReferences } from "./references.ts";
import { child, isTree, type Span, spanOf } from "./syntax-tree.ts";

/** Reads one query; the rest of the engine knows no other way to look into SQL. */
export interface SqlParser {
  readonly analyze: (sql: string) => Analysis;
}

// No single dialect of the library reads all SQL that DuckDB users write; the first that accepts a text wins.
// DuckDB comes first because its double quotes are identifiers and its lists and structs are common.
const DIALECTS = ["duckdb", "generic", "databricks", "snowflake", "bigquery"] as const;

/** Prepares the parser; costs a tenth of a second once per process. */
export const createSqlParser = async (): Promise<SqlParser> => {
  await init();
  return PARSER;
};

const analyze = (sql: string): Analysis => {
  let problem: SqlProblem | undefined;
  for (const dialect of DIALECTS) {
    try {
      return analyzeStatements(parse(sql, dialect), sql);
    } catch (thrown) {
      const found = problemOf(thrown);
      if (problem === undefined || isLater(found, problem)) problem = found;
    }
  }
  return { ok: false, problem: problem ?? { message: "cannot be parsed" } };
};

const PARSER: SqlParser = Object.freeze({ analyze });

const analyzeStatements = (statements: readonly unknown[], sql: string): Analysis => {
  const query = child(statements[0], "Query");
  if (statements.length === 0) return refusal("it is empty: expected a SELECT");
  if (statements.length > 1) return refusal(`expected one query, found ${statements.length} statements`);
  if (!isTree(query)) return refusal("expected a query, found another kind of statement");
  const lines = lineMap(sql);
  const shape = queryShape(query, lines);
  if (shape.query.kind === "values") return refusal("a bare VALUES list has no column names: select from it");
  if (shape.query.kind === "set" && !shape.query.hasFrom) return refusal(CONSTANT_ROWS);
  const facts: QueryFacts = {
    ...shape,
    references: tableReferences(query, lines),
    insertion: insertionPoint(query, lines),
  };
  return { ok: true, facts };
};

// Refused as the original engine refuses every top-level set operation; those that read something are accepted.
const CONSTANT_ROWS = "a set operation that reads no table only lists rows: keep them in a seed";

const refusal = (message: string): Analysis => ({ ok: false, problem: { message } });

const insertionPoint = (query: unknown, lines: LineMap): QueryFacts["insertion"] => {
  const offset = (span: Span | undefined, edge: "start" | "end"): number | undefined =>
    span && lines.offsetOf(span[edge].line, span[edge].column);
  const clause = child(query, "with");
  if (clause == null) return { offset: 0, hasWith: false };
  const firstCte = child(clause, "cte_tables");
  const name = Array.isArray(firstCte) ? child(child(firstCte[0], "alias"), "name") : undefined;
  return { offset: offset(spanOf(name), "start") ?? 0, hasWith: true };
};

const AT = /^(?:sql parser error: )?(.*?)(?: at Line: (\d+), Column: (\d+))?\s*$/s;

const problemOf = (thrown: unknown): SqlProblem => {
  const text = thrown instanceof Error ? thrown.message : String(thrown);
  const match = AT.exec(text);
  const message = match?.[1] ?? text;
  if (match?.[2] === undefined) return { message };
  return { message, line: Number(match[2]), column: Number(match[3]) };
};

/** The dialect that got furthest gives the message closest to the mistake. */
const isLater = (left: SqlProblem, right: SqlProblem): boolean => {
  const lineDifference = (left.line ?? 0) - (right.line ?? 0);
  return lineDifference > 0 || (lineDifference === 0 && (left.column ?? 0) > (right.column ?? 0));
};

import { init, parse } from "@guanmingchiu/sqlparser-ts";
import { accept, refusal } from "./accept.ts";
import type { Analysis, QueryFacts, SqlProblem } from "./facts.ts";
import { misread } from "./misread.ts";
import { type LineMap, lineMap } from "./positions.ts";
import { queryShape } from "./query-shape.ts";
import { tableReferences } from "./references.ts";
import { child, isTree, spanOf } from "./syntax-tree.ts";

// No single dialect of the library reads all SQL that DuckDB users write; the first that accepts a text wins.
// DuckDB comes first because its double quotes are identifiers and its lists and structs are common.
const DIALECTS = ["duckdb", "generic", "databricks", "snowflake", "bigquery"] as const;

/** The parser runs in 32-bit memory, which a text much larger than this exhausts; it cannot recover from that. */
const LONGEST_TEXT = 8 * 1024 * 1024;

const unfitFor = (sql: string): SqlProblem | undefined => {
  if (sql.length > LONGEST_TEXT)
    return { message: `it has ${sql.length} characters, expected at most ${LONGEST_TEXT}` };
  const nul = sql.indexOf("\0");
  return nul < 0 ? undefined : { message: "it holds a NUL character", ...lineMap(sql).positionOf(nul) };
};

/** Makes `analyzeFully` ready; costs a tenth of a second once per process. */
export const loadFullParser = (): Promise<void> => init();

/** What is said of a query on which the parser was lost. */
export const TOO_DEEP: Analysis = Object.freeze({
  ok: false,
  problem: {
    message:
      "it is nested too deeply, or chains too many operators (about 1000), to be read: split it into CTEs",
  },
});

/** The parser broke on a query; nothing it answers in this thread from now on can be believed. */
export class ParserLost extends Error {}

let lost = false;

/**
 * Reads any query, and says what is wrong with one that cannot be read. Throws `ParserLost` for a query that breaks
 * the parser, and for every one after it.
 */
export const analyzeFully = (sql: string): Analysis => {
  if (lost) throw new ParserLost();
  const unfit = unfitFor(sql);
  if (unfit !== undefined) return { ok: false, problem: unfit };
  let problem: SqlProblem | undefined;
  let nonsense: SqlProblem | undefined;
  for (const dialect of DIALECTS) {
    try {
      const statements = parse(sql, dialect);
      const wrong = misread(statements);
      if (wrong === undefined) return analyzeStatements(statements, sql);
      nonsense ??= wrong;
    } catch (thrown) {
      // Everything else comes from the memory that the parser runs in, of which it has then used up the stack.
      if (!(thrown instanceof Error) || !OWN_MESSAGE.test(thrown.message)) {
        lost = true;
        throw new ParserLost();
      }
      const found = problemOf(thrown, sql);
      if (problem === undefined || isLater(found, problem)) problem = found;
    }
  }
  // Found in a tree, its place is exact.
  return { ok: false, problem: nonsense ?? problem ?? { message: "cannot be parsed" } };
};

const analyzeStatements = (statements: readonly unknown[], sql: string): Analysis => {
  const query = child(statements[0], "Query");
  if (statements.length === 0) return refusal("it is empty: expected a SELECT");
  if (statements.length > 1) return refusal(`expected one query, found ${statements.length} statements`);
  if (!isTree(query)) return refusal("expected a query, found another kind of statement");
  const lines = lineMap(sql);
  return accept({
    ...queryShape(query, lines),
    references: tableReferences(query, lines),
    insertion: insertionPoint(query, lines),
  });
};

const insertionPoint = (query: unknown, lines: LineMap): QueryFacts["insertion"] => {
  const clause = child(query, "with");
  if (clause == null) return { offset: 0, hasWith: false };
  const ctes = child(clause, "cte_tables");
  const first: unknown = Array.isArray(ctes) ? ctes[0] : undefined;
  const start = spanOf(child(child(first, "alias"), "name"))?.start;
  return { offset: start === undefined ? 0 : lines.offsetOf(start.line, start.column), hasWith: true };
};

/** Of the parser itself, and of what cuts a text into words for it. */
const OWN_MESSAGE = /^sql parser error: | at Line: \d+/;
const AT = /^(?:sql parser error: )?(.*?)(?: at Line: (\d+), Column: (\d+))?\s*$/s;

const problemOf = ({ message: text }: Error, sql: string): SqlProblem => {
  const match = AT.exec(text);
  const message = match?.[1] ?? text;
  if (match?.[2] !== undefined) return { message, line: Number(match[2]), column: Number(match[3]) };
  // The library gives no place for a text that ends too early.
  return message.endsWith("EOF")
    ? { message, ...lineMap(sql).positionOf(sql.trimEnd().length) }
    : { message };
};

/** The dialect that got furthest gives the message closest to the mistake. */
const isLater = (left: SqlProblem, right: SqlProblem): boolean => {
  const lineDifference = (left.line ?? 0) - (right.line ?? 0);
  return lineDifference > 0 || (lineDifference === 0 && (left.column ?? 0) > (right.column ?? 0));
};

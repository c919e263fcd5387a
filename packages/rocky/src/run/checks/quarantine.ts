import type { Connection, Dialect, Session } from "../../adapters/adapter.ts";
import { sqlString } from "../../adapters/identifiers.ts";
import { isSqlError } from "../../adapters/sql-error.ts";
import { displayName, sqlColumn, sqlName, type TableRef } from "../../adapters/table-ref.ts";
import type { Assertion, QuarantineConfig } from "../../config/index.ts";
import { isInterruption } from "../failure.ts";
import type { QuarantineResult } from "../output.ts";
import { acceptedList, assertionColumn, rangeViolation } from "./assertion-sql.ts";

interface RowRule {
  /** True for rows that may stay. */
  readonly keeps: string;
  /** What marks a row that may not. */
  readonly mark: string;
  /** The column that holds the mark: its own name, counted up where several rules share it. */
  readonly column: string;
}

/** The rule as a condition over one row; undefined for rules that judge the table as a whole. */
const keepCondition = ({ rule }: Assertion, table: string, dialect: Dialect): string | undefined => {
  const name = (column: string): string => sqlColumn(column, `${rule.type} assertion of ${table}`, dialect);
  switch (rule.type) {
    case "not_null":
      return `${name(rule.column)} IS NOT NULL`;
    case "accepted_values":
      return `(${name(rule.column)} IS NULL OR ${name(rule.column)} IN (${acceptedList(rule.values)}))`;
    case "expression":
      return `COALESCE((${rule.expression}), TRUE)`;
    case "in_range":
      return `(${name(rule.column)} IS NULL OR NOT ${rangeViolation(name(rule.column), rule.min, rule.max)})`;
    case "regex_match":
      return `(${name(rule.column)} IS NULL OR regexp_matches(${name(rule.column)}, ${sqlString(rule.pattern)}))`;
    case "not_in_future":
      return `(${name(rule.column)} IS NULL OR ${name(rule.column)} <= CURRENT_TIMESTAMP)`;
    case "older_than_n_days": {
      const limit = `CURRENT_TIMESTAMP - INTERVAL ${Math.trunc(rule.days)} DAY`;
      return `(${name(rule.column)} IS NULL OR ${name(rule.column)} <= ${limit})`;
    }
    case "unique":
    case "unique_expr":
    case "composite":
    case "relationships":
    case "row_count_range":
    case "aggregate":
      return undefined;
    default:
      return rule satisfies never;
  }
};

const rowRules = (assertions: readonly Assertion[], table: string, dialect: Dialect): readonly RowRule[] => {
  const used = new Map<string, number>();
  return assertions.flatMap((assertion) => {
    if (assertion.severity !== "error") return [];
    const condition = keepCondition(assertion, table, dialect);
    if (condition === undefined) return [];
    const mark = markOf(assertion);
    const keeps =
      assertion.filter === undefined
        ? condition
        : `(NOT COALESCE((${assertion.filter}), FALSE) OR ${condition})`;
    // DuckDB compares column names without case.
    const earlier = used.get(mark.toLowerCase()) ?? 0;
    used.set(mark.toLowerCase(), earlier + 1);
    return [{ keeps, mark, column: earlier === 0 ? mark : `${mark}_${earlier + 1}` }];
  });
};

const IDENTIFIER = /^[A-Za-z0-9_]+$/;

/** An assertion's own name tells a reader most; one that is no plain identifier is no column name either. */
const markOf = ({ name, rule }: Assertion): string => {
  if (name !== undefined && IDENTIFIER.test(name)) return `_error_${name}`;
  const column = assertionColumn(rule);
  return ["_error", rule.type, ...(column === undefined ? [] : [column])].join("_");
};

const marks = (rules: readonly RowRule[], dialect: Dialect): string =>
  rules
    .map(({ keeps, mark, column }) => {
      const name = sqlColumn(column, "quarantine", dialect);
      return `CASE WHEN NOT (${keeps}) THEN ${sqlString(mark)} END AS ${name}`;
    })
    .join(", ");

const count = async (connection: Connection, table: string): Promise<number> =>
  Number(await connection.scalar(`SELECT COUNT(*) FROM ${table}`));

type Moved = Omit<QuarantineResult, "asset_key">;

const apply = async (
  session: Session,
  ref: TableRef,
  config: QuarantineConfig,
  rules: readonly RowRule[],
): Promise<Moved> => {
  const { dialect } = session;
  const table = sqlName(ref, dialect);
  const keeps = rules.map((rule) => rule.keeps).join(" AND ");
  if (config.mode === "tag") {
    // Marks of an earlier run are dropped first, so that tagging twice gives the same table.
    const known = new Set(((await session.describe(ref)) ?? []).map(({ name }) => name));
    const old = rules.map(({ column }) => column).filter((column) => known.has(column));
    const all = old.length === 0 ? "*" : `* EXCLUDE (${old.map(dialect.quoteIdentifier).join(", ")})`;
    await session.execute(
      `CREATE OR REPLACE TABLE ${table} AS\nSELECT ${all}, ${marks(rules, dialect)} FROM ${table}`,
    );
    return { mode: config.mode, ok: true };
  }
  const valid: TableRef = { ...ref, table: `${ref.table}${config.suffixValid}` };
  const bad: TableRef = { ...ref, table: `${ref.table}${config.suffixQuarantine}` };
  const badRows = `SELECT *, ${marks(rules, dialect)} FROM ${table} WHERE NOT (${keeps})`;
  return session.transaction(async () => {
    const validName = sqlName(valid, dialect);
    const quarantined = await count(session, `(${badRows})`);
    if (config.mode === "split") {
      await session.execute(`CREATE OR REPLACE TABLE ${sqlName(bad, dialect)} AS\n${badRows}`);
    }
    await session.execute(`CREATE OR REPLACE TABLE ${validName} AS\nSELECT * FROM ${table} WHERE ${keeps}`);
    return {
      mode: config.mode,
      valid_table: displayName(valid),
      ...(config.mode === "split" ? { quarantine_table: displayName(bad) } : {}),
      valid_rows: await count(session, validName),
      quarantined_rows: quarantined,
      ok: true,
    };
  });
};

/**
 * Keeps rows that break an error-severity row rule away from the others. Undefined when no rule speaks of rows.
 * A refusal of the warehouse is in the result, because the checks themselves were fine.
 */
export const quarantine = async (
  session: Session,
  ref: TableRef,
  config: QuarantineConfig,
  assertions: readonly Assertion[],
): Promise<Moved | undefined> => {
  const rules = rowRules(assertions, displayName(ref), session.dialect);
  if (rules.length === 0) return undefined;
  try {
    return await apply(session, ref, config, rules);
  } catch (error) {
    if (!isSqlError(error) || isInterruption(error)) throw error;
    return { mode: config.mode, ok: false, error: error.message };
  }
};

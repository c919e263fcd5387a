import type { Dialect } from "../../adapters/adapter.ts";
import { sqlString } from "../../adapters/identifiers.ts";
import { sqlColumn } from "../../adapters/table-ref.ts";
import type { Assertion, AssertionRule } from "../../config/index.ts";
import { RockyError } from "../../errors.ts";

/** How one assertion is asked of a table, and how its answer is read. */
export interface AssertionQuery {
  /** Answers one number: rows (or groups of rows) that break the rule, or the measured count. */
  readonly sql: string;
  readonly passes: (count: number) => boolean;
}

const COMPARISONS: Readonly<Record<string, string>> = {
  "<": "<",
  "<=": "<=",
  ">": ">",
  ">=": ">=",
  "==": "=",
  "!=": "<>",
};

const none = (count: number): boolean => count === 0;

/** A bound is a number or a text such as a date; what is no number is quoted. */
const literal = (text: string): string =>
  /^[+-]?\d+(\.\d+)?([eE][+-]?\d+)?$/.test(text) ? text : sqlString(text);

export const rangeViolation = (column: string, min: string | undefined, max: string | undefined): string => {
  const sides = [
    ...(min === undefined ? [] : [`${column} < ${literal(min)}`]),
    ...(max === undefined ? [] : [`${column} > ${literal(max)}`]),
  ];
  return sides.length === 0 ? "FALSE" : `(${sides.join(" OR ")})`;
};

export const acceptedList = (values: readonly string[]): string => values.map(sqlString).join(", ");

/** The column that results and names speak of; rules over several columns or none have none. */
export const assertionColumn = (rule: AssertionRule): string | undefined =>
  "column" in rule ? rule.column : undefined;

/** The given name, else `kind:column`, with a dash for rules without a column. */
export const assertionName = ({ name, rule }: Assertion): string =>
  name ?? `${rule.type}:${assertionColumn(rule) ?? "-"}`;

const relationTarget = (name: string): string => {
  if (/^[A-Za-z0-9_]+(\.[A-Za-z0-9_]+){0,2}$/.test(name)) return name;
  throw new RockyError("config_invalid", `'${name}' is not a table name (relationships assertion)`);
};

/** `table` is a checked SQL name. */
export const assertionQuery = (assertion: Assertion, table: string, dialect: Dialect): AssertionQuery => {
  const { rule, filter } = assertion;
  const source = filter === undefined ? table : `(SELECT * FROM ${table} WHERE ${filter}) AS _rocky_rows`;
  const name = (column: string): string => sqlColumn(column, `${rule.type} assertion of ${table}`, dialect);
  const count = (condition: string): AssertionQuery => ({
    sql: `SELECT COUNT(*) FROM ${source} WHERE ${condition}`,
    passes: none,
  });
  const groups = (query: string): AssertionQuery => ({
    sql: `SELECT COUNT(*) FROM (${query}) AS _rocky_groups`,
    passes: none,
  });
  switch (rule.type) {
    case "not_null":
      return count(`${name(rule.column)} IS NULL`);
    case "unique":
    case "unique_expr": {
      const key = rule.type === "unique" ? name(rule.column) : `(${rule.expression})`;
      return groups(`SELECT ${key} AS k, COUNT(*) AS n FROM ${source} GROUP BY ${key} HAVING COUNT(*) > 1`);
    }
    case "composite": {
      const keys = rule.columns.map(name).join(", ");
      return groups(`SELECT ${keys}, COUNT(*) AS n FROM ${source} GROUP BY ${keys} HAVING COUNT(*) > 1`);
    }
    case "accepted_values": {
      const column = name(rule.column);
      return groups(
        `SELECT DISTINCT ${column} FROM ${source} WHERE ${column} NOT IN (${acceptedList(rule.values)})`,
      );
    }
    case "relationships": {
      const column = name(rule.column);
      const other = `SELECT 1 FROM ${relationTarget(rule.toTable)} AS _rocky_parent`;
      return {
        sql:
          `SELECT COUNT(*) FROM (SELECT ${column} AS k FROM ${source}) AS _rocky_child WHERE k IS NOT NULL ` +
          `AND NOT EXISTS (${other} WHERE _rocky_parent.${name(rule.toColumn)} = k)`,
        passes: none,
      };
    }
    case "expression":
      return count(`NOT (${rule.expression})`);
    case "in_range":
      return count(rangeViolation(name(rule.column), rule.min, rule.max));
    case "regex_match":
      return count(`NOT (regexp_matches(${name(rule.column)}, ${sqlString(rule.pattern)}))`);
    case "not_in_future":
      return count(`${name(rule.column)} > CURRENT_TIMESTAMP`);
    case "older_than_n_days":
      return count(`${name(rule.column)} > CURRENT_TIMESTAMP - INTERVAL ${Math.trunc(rule.days)} DAY`);
    case "row_count_range":
      return {
        sql: `SELECT COUNT(*) FROM ${source}`,
        passes: (rows) => rows >= (rule.min ?? 0) && rows <= (rule.max ?? Number.POSITIVE_INFINITY),
      };
    case "aggregate": {
      const measured = `${rule.op.toUpperCase()}(${rule.column === undefined ? "*" : name(rule.column)})`;
      return {
        sql: `SELECT CASE WHEN ${measured} ${COMPARISONS[rule.cmp]} ${literal(rule.value)} THEN 0 ELSE 1 END FROM ${source}`,
        passes: none,
      };
    }
    default:
      return rule satisfies never;
  }
};

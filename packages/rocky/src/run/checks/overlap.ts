import type { Connection, Dialect } from "../../adapters/adapter.ts";
import { sqlString } from "../../adapters/identifiers.ts";
import { displayName, sqlColumn, sqlName, type TableRef } from "../../adapters/table-ref.ts";
import type { CrossSourceOverlap } from "../../config/index.ts";
import type { CheckResult } from "../output.ts";

export interface OverlapTable {
  readonly target: TableRef;
  readonly columns: readonly string[];
}

const keyExpression = (config: CrossSourceOverlap, dialect: Dialect): string => {
  if (config.keyExpr !== undefined) return `CAST((${config.keyExpr}) AS VARCHAR)`;
  const columns = config.keys.map(
    (key) => `CAST(${sqlColumn(key, "cross_source_overlap", dialect)} AS VARCHAR)`,
  );
  return columns.length === 1 ? (columns[0] ?? "NULL") : `concat_ws('|', ${columns.join(", ")})`;
};

/**
 * Keys that occur in more than one of the tables that share a name. Undefined when fewer than two tables have
 * the key, because then there is nothing to compare.
 */
export const checkOverlap = async (
  connection: Connection,
  dialect: Dialect,
  config: CrossSourceOverlap,
  name: string,
  tables: readonly OverlapTable[],
): Promise<CheckResult | undefined> => {
  const wanted = config.keyExpr === undefined ? config.keys.map((key) => key.toLowerCase()) : [];
  const sides = tables.filter(({ columns }) => {
    const known = new Set(columns.map((column) => column.toLowerCase()));
    return wanted.every((key) => known.has(key));
  });
  if (sides.length < 2 || (config.keyExpr === undefined && config.keys.length === 0)) return undefined;
  const key = keyExpression(config, dialect);
  const parts = sides.map(
    ({ target }) =>
      `SELECT DISTINCT ${key} AS k, ${sqlString(displayName(target))} AS src FROM ${sqlName(target, dialect)}`,
  );
  const shared =
    `SELECT k FROM (${parts.join(" UNION ALL ")}) AS _rocky_keys WHERE k IS NOT NULL ` +
    "GROUP BY k HAVING COUNT(*) > 1";
  const rows = await connection.query(
    `SELECT (SELECT COUNT(*) FROM (${shared}) AS _rocky_shared), k FROM (${shared} ORDER BY k LIMIT ${config.sample}) AS s`,
  );
  const overlap = rows[0] === undefined ? 0 : Number(rows[0][0]);
  return {
    name,
    passed: overlap <= config.maxOverlapRows,
    severity: config.severity,
    overlap_count: overlap,
    contributing_tables: sides.map(({ target }) => displayName(target)).sort(),
    sample: rows.map((row) => String(row[1])),
  };
};

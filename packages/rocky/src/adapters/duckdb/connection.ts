import type { DuckDBConnection } from "@duckdb/node-api";
import type { ColumnInfo, Connection, SqlRow, SqlValue } from "../adapter.ts";
import { sqlString } from "../identifiers.ts";
import { interruptedError, isSqlError } from "../sql-error.ts";
import { sqlName, type TableRef } from "../table-ref.ts";
import { duckDbDialect } from "./dialect.ts";
import { statementError } from "./errors.ts";

/** DuckDB forgets an interrupt that arrives before the statement starts, so it is repeated until it lands. */
const INTERRUPT_EVERY_MS = 25;

const interruptible = async <T>(
  raw: DuckDBConnection,
  signal: AbortSignal | undefined,
  work: () => Promise<T>,
): Promise<T> => {
  if (signal === undefined) return work();
  if (signal.aborted) throw interruptedError();
  let timer: NodeJS.Timeout | undefined;
  const onAbort = (): void => {
    raw.interrupt();
    timer = setInterval(() => raw.interrupt(), INTERRUPT_EVERY_MS);
  };
  signal.addEventListener("abort", onAbort, { once: true });
  try {
    return await work();
  } finally {
    clearInterval(timer);
    signal.removeEventListener("abort", onAbort);
  }
};

export interface DuckDbConnection extends Connection {
  readonly raw: DuckDBConnection;
}

export const createDuckDbConnection = (
  raw: DuckDBConnection,
  signal: AbortSignal | undefined,
): DuckDbConnection => {
  const read = async (sql: string) => {
    try {
      return await interruptible(raw, signal, () => raw.runAndReadAll(sql));
    } catch (thrown) {
      throw isSqlError(thrown) ? thrown : statementError(sql, thrown);
    }
  };
  const query = async (sql: string): Promise<readonly SqlRow[]> => (await read(sql)).getRowsJson();

  const scalar = async (sql: string): Promise<SqlValue> => (await query(sql))[0]?.[0] ?? null;

  const execute = async (sql: string): Promise<number> => {
    const reader = await read(sql);
    if (reader.rowsChanged > 0) return reader.rowsChanged;
    // CREATE TABLE … AS answers its row count as a one-cell result instead of a change count.
    const first =
      reader.columnCount === 1 && reader.columnName(0) === "Count" ? reader.getRowsJson()[0]?.[0] : 0;
    return Number(first ?? 0);
  };

  const describe = async (table: TableRef): Promise<readonly ColumnInfo[] | undefined> => {
    try {
      const rows = await query(`DESCRIBE ${sqlName(table, duckDbDialect)}`);
      return rows.map((row) => ({ name: String(row[0]), type: String(row[1]) }));
    } catch (error) {
      if (isSqlError(error, "missing_relation")) return undefined;
      throw error;
    }
  };

  const isView = async (table: TableRef): Promise<boolean> => {
    const conditions = [
      `schema_name = ${sqlString(table.schema)}`,
      `view_name = ${sqlString(table.table)}`,
      `database_name = ${table.catalog === "" ? "current_database()" : sqlString(table.catalog)}`,
    ];
    return (await query(`SELECT 1 FROM duckdb_views() WHERE ${conditions.join(" AND ")}`)).length > 0;
  };

  const transaction = async <T>(work: () => Promise<T>): Promise<T> => {
    await execute("BEGIN");
    try {
      const result = await work();
      // An abort that arrived between two statements must not let half of the work become visible.
      if (signal?.aborted) throw interruptedError();
      await execute("COMMIT");
      return result;
    } catch (error) {
      // Sent past the signal: after an abort the rollback still has to run.
      await raw.run("ROLLBACK").catch(() => undefined);
      throw error;
    }
  };

  return { raw, query, scalar, execute, describe, isView, transaction };
};

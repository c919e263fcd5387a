import type { Dialect } from "../../adapters/adapter.ts";
import { sqlColumn } from "../../adapters/table-ref.ts";
import { RockyError } from "../../errors.ts";

// Statements that put a query's rows into a table. `target` is a checked SQL name, `query` a SELECT without a
// trailing semicolon.

export const createTable = (target: string, query: string): string => `CREATE TABLE ${target} AS\n${query}`;

export const replaceTable = (target: string, query: string): string =>
  `CREATE OR REPLACE TABLE ${target} AS\n${query}`;

export const replaceView = (target: string, query: string): string =>
  `CREATE OR REPLACE VIEW ${target} AS\n${query}`;

/** By name, because the order of a table's columns and of a query's columns part as soon as one changes. */
export const insertByName = (target: string, query: string): string =>
  `INSERT INTO ${target} BY NAME\n${query}`;

export interface MergeColumns {
  /** All columns of the query. */
  readonly all: readonly string[];
  readonly keys: readonly string[];
  readonly updated: readonly string[];
}

export const mergeInto = (target: string, query: string, columns: MergeColumns, dialect: Dialect): string => {
  const where = `merge into ${target}`;
  const name = (column: string): string => sqlColumn(column, where, dialect);
  if (columns.keys.length === 0) throw new RockyError("config_invalid", `${where}: no unique key is given`);
  const matches = columns.keys.map((key) => `t.${name(key)} = s.${name(key)}`).join(" AND ");
  const sets = columns.updated.map((column) => `${name(column)} = s.${name(column)}`).join(", ");
  const inserted = columns.all.map(name);
  return [
    `MERGE INTO ${target} AS t`,
    `USING (\n${query}\n) AS s`,
    `ON ${matches}`,
    ...(columns.updated.length === 0 ? [] : [`WHEN MATCHED THEN UPDATE SET ${sets}`]),
    `WHEN NOT MATCHED THEN INSERT (${inserted.join(", ")}) VALUES (${inserted.map((column) => `s.${column}`).join(", ")})`,
  ].join("\n");
};

/** Null-safe: a partition whose key is NULL is replaced like any other. */
export const deleteIncoming = (
  target: string,
  query: string,
  columns: readonly string[],
  dialect: Dialect,
): string => {
  const matches = columns
    .map((column) => sqlColumn(column, `partition_by of ${target}`, dialect))
    .map((column) => `_rocky_incoming.${column} IS NOT DISTINCT FROM t.${column}`);
  return (
    `DELETE FROM ${target} AS t WHERE EXISTS ` +
    `(SELECT 1 FROM (${query}) AS _rocky_incoming WHERE ${matches.join(" AND ")})`
  );
};

export const deleteWindow = (
  target: string,
  column: string,
  start: string,
  end: string,
  dialect: Dialect,
): string => {
  const name = sqlColumn(column, `time_column of ${target}`, dialect);
  return `DELETE FROM ${target} WHERE ${name} >= '${start}' AND ${name} < '${end}'`;
};

/** Fills the window placeholders of a time_interval query, quoted by the author or not. */
export const fillWindow = (query: string, start: string, end: string): string =>
  query
    .replaceAll(/'@start_date'|@start_date\b/g, `'${start}'`)
    .replaceAll(/'@end_date'|@end_date\b/g, `'${end}'`);

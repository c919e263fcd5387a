import type { ColumnInfo, Dialect } from "../../adapters/adapter.ts";
import { sqlColumn, sqlName, tableRef } from "../../adapters/table-ref.ts";
import type { SnapshotPipeline } from "../../config/index.ts";
import { insertByName } from "../strategies/statements.ts";

export interface SnapshotStep {
  readonly step:
    | "initial_load"
    | "add_columns"
    | "widen_columns"
    | "close_changed"
    | "close_deleted"
    | "insert_versions";
  readonly sql: string;
}

/** What the history has to become before it can take the source's rows. */
export interface HistoryChanges {
  /** Source columns that it does not have yet. */
  readonly added: readonly ColumnInfo[];
  /** Columns whose old values fit the source's new type unchanged. */
  readonly widened: readonly ColumnInfo[];
}

/**
 * The statements of one slowly-changing snapshot (type 2). A version is open while `valid_to` is NULL. All
 * statements use one moment, so that a version begins exactly where the one before it ends. `at` is a SQL
 * timestamp text.
 */
export const snapshotSteps = (
  pipeline: SnapshotPipeline,
  dialect: Dialect,
  at: string,
  { added, widened }: HistoryChanges,
): readonly SnapshotStep[] => {
  const where = `snapshot '${pipeline.name}'`;
  const name = (column: string): string => sqlColumn(column, where, dialect);
  const { source: from, target: to } = pipeline;
  const source = sqlName(tableRef(from.catalog, from.schema, from.table), dialect);
  const target = sqlName(tableRef(to.catalog, to.schema, to.table), dialect);
  const now = `TIMESTAMP '${at}'`;
  const none = "CAST(NULL AS TIMESTAMP)";
  const sameKey = pipeline.uniqueKey
    .map((key) => `s.${name(key)} IS NOT DISTINCT FROM t.${name(key)}`)
    .join(" AND ");
  const changed = `s.${name(pipeline.updatedAt)} IS DISTINCT FROM t.${name(pipeline.updatedAt)}`;
  const open = "t.valid_to IS NULL";
  return [
    {
      step: "initial_load",
      sql: `CREATE TABLE IF NOT EXISTS ${target} AS SELECT *, ${none} AS valid_from, ${none} AS valid_to FROM ${source} WHERE 1=0`,
    },
    ...added.map(
      (column): SnapshotStep => ({
        step: "add_columns",
        sql: `ALTER TABLE ${target} ADD COLUMN ${name(column.name)} ${column.type}`,
      }),
    ),
    ...widened.map(
      (column): SnapshotStep => ({
        step: "widen_columns",
        sql: `ALTER TABLE ${target} ALTER COLUMN ${name(column.name)} TYPE ${column.type}`,
      }),
    ),
    {
      step: "close_changed",
      sql: `UPDATE ${target} AS t SET valid_to = ${now} FROM ${source} AS s WHERE ${open} AND ${sameKey} AND ${changed}`,
    },
    ...(pipeline.invalidateHardDeletes
      ? [
          {
            step: "close_deleted",
            sql: `UPDATE ${target} AS t SET valid_to = ${now} WHERE ${open} AND NOT EXISTS (SELECT 1 FROM ${source} AS s WHERE ${sameKey})`,
          } as const,
        ]
      : []),
    {
      step: "insert_versions",
      sql: insertByName(
        target,
        `SELECT s.*, ${now} AS valid_from, ${none} AS valid_to FROM ${source} AS s ` +
          `WHERE NOT EXISTS (SELECT 1 FROM ${target} AS t WHERE ${open} AND ${sameKey})`,
      ),
    },
  ];
};

/** Finds keys that stand for several source rows, which no history can follow. */
export const duplicateKeysQuery = (pipeline: SnapshotPipeline, dialect: Dialect): string => {
  const { catalog, schema, table } = pipeline.source;
  const keys = pipeline.uniqueKey
    .map((key) => sqlColumn(key, `snapshot '${pipeline.name}'`, dialect))
    .join(", ");
  const source = sqlName(tableRef(catalog, schema, table), dialect);
  return `SELECT ${keys}, COUNT(*) FROM ${source} GROUP BY ${keys} HAVING COUNT(*) > 1 LIMIT 1`;
};

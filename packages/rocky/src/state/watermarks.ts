import type { StateDatabase, Transaction } from "./database.ts";

/** How far a replicated table has come. */
export interface Watermark {
  /** `catalog.schema.table` of the target. */
  readonly table: string;
  /** ISO 8601 in UTC, with as many digits as the source column has. */
  readonly value: string;
  readonly updatedAt: string;
}

export const listWatermarks = async (state: StateDatabase): Promise<readonly Watermark[]> => {
  const rows = await state.all("SELECT table_name, value, updated_at FROM watermarks ORDER BY table_name");
  return rows.map((row) => ({ table: String(row[0]), value: String(row[1]), updatedAt: String(row[2]) }));
};

/** All watermarks by table: a run asks once instead of once a table. */
export const watermarkMap = async (state: StateDatabase): Promise<ReadonlyMap<string, string>> =>
  new Map((await listWatermarks(state)).map(({ table, value }) => [table, value]));

/** The watermark of the first of these names that has one. */
export const findWatermark = async (
  state: StateDatabase,
  tables: readonly string[],
): Promise<string | undefined> => {
  const [row] = await state.all(
    `SELECT value FROM watermarks WHERE table_name IN (${tables.map(() => "?").join(", ")}) LIMIT 1`,
    ...tables,
  );
  return row === undefined ? undefined : String(row[0]);
};

export const putWatermark = (transaction: Transaction, table: string, value: string): void =>
  transaction.run(
    "INSERT INTO watermarks VALUES (?, ?, ?) ON CONFLICT (table_name) DO UPDATE SET value = excluded.value, " +
      "updated_at = excluded.updated_at",
    table,
    value,
    value,
  );

/** The table is copied from the start the next time. */
export const removeWatermark = (transaction: Transaction, table: string): void =>
  transaction.run("DELETE FROM watermarks WHERE table_name = ?", table);

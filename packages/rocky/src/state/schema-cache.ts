import type { StateDatabase } from "./database.ts";

export interface CachedColumn {
  readonly name: string;
  /** As the warehouse prints it. */
  readonly type: string;
}

export interface CachedTable {
  readonly catalog: string;
  readonly schema: string;
  readonly table: string;
  readonly columns: readonly CachedColumn[];
}

/** Remembers the columns of tables, as the warehouse told them. */
export const cacheSchemas = (state: StateDatabase, tables: readonly CachedTable[]): Promise<void> =>
  state.write((transaction) => {
    const now = new Date().toISOString();
    for (const { catalog, schema, table, columns } of tables) {
      transaction.run(
        "INSERT OR REPLACE INTO schema_cache VALUES (?, ?, ?, ?, ?)",
        catalog,
        schema,
        table,
        JSON.stringify(columns),
        now,
      );
    }
  });

/** Tables that were remembered after `since` (ISO 8601), by name. */
export const cachedSchemas = async (state: StateDatabase, since: string): Promise<readonly CachedTable[]> => {
  const rows = await state.all(
    "SELECT catalog_name, schema_name, table_name, columns FROM schema_cache WHERE cached_at > ? " +
      "ORDER BY catalog_name, schema_name, table_name",
    since,
  );
  return rows.map(([catalog, schema, table, columns]) => ({
    catalog: String(catalog),
    schema: String(schema),
    table: String(table),
    columns: JSON.parse(String(columns)) as readonly CachedColumn[],
  }));
};

const COUNT = "SELECT COUNT(*) FROM schema_cache";

export const countSchemas = async (state: StateDatabase): Promise<number> =>
  Number((await state.all(COUNT))[0]?.[0] ?? 0);

/** Forgets all tables and gives their number. */
export const clearSchemaCache = (state: StateDatabase): Promise<number> =>
  state.write((transaction) => {
    const count = Number(transaction.all(COUNT)[0]?.[0] ?? 0);
    transaction.run("DELETE FROM schema_cache");
    return count;
  });

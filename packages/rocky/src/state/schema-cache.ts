import type { StateDatabase } from "./database.ts";

export interface CachedColumn {
  readonly name: string;
  readonly type: string;
}

export interface CachedRelation {
  /** `catalog.schema.table`. */
  readonly relation: string;
  readonly columns: readonly CachedColumn[];
  readonly cachedAt: string;
}

/** Remembers the columns of relations, as the warehouse told them. */
export const cacheSchemas = (
  state: StateDatabase,
  relations: ReadonlyMap<string, readonly CachedColumn[]>,
): Promise<void> =>
  state.write((transaction) => {
    const now = new Date().toISOString();
    for (const [relation, columns] of relations) {
      transaction.run(
        "INSERT OR REPLACE INTO schema_cache VALUES (?, ?, ?)",
        relation,
        JSON.stringify(columns),
        now,
      );
    }
  });

/** Relations that were remembered since `since` (ISO 8601), by name. */
export const cachedSchemas = async (
  state: StateDatabase,
  since: string,
): Promise<readonly CachedRelation[]> => {
  const rows = await state.all(
    "SELECT relation, columns, cached_at FROM schema_cache WHERE cached_at >= ? ORDER BY relation",
    since,
  );
  return rows.map((row) => ({
    relation: String(row[0]),
    columns: JSON.parse(String(row[1])) as readonly CachedColumn[],
    cachedAt: String(row[2]),
  }));
};

export const clearSchemaCache = (state: StateDatabase): Promise<number> =>
  state.write((transaction) => {
    const count = Number(transaction.all("SELECT COUNT(*) FROM schema_cache")[0]?.[0] ?? 0);
    transaction.run("DELETE FROM schema_cache");
    return count;
  });

import type { OutputColumn } from "./project.ts";

/** Columns of tables that are no models, as far as somebody knows them. */
export interface SourceSchemas {
  /** `name` is a table as SQL wrote it: `orders`, `raw.orders` or `catalog.raw.orders`. */
  readonly columnsOf: (name: string) => readonly OutputColumn[] | undefined;
}

export const noSourceSchemas: SourceSchemas = Object.freeze({ columnsOf: () => undefined });

export interface SourceTable {
  readonly catalog: string;
  readonly schema: string;
  readonly table: string;
  readonly columns: readonly OutputColumn[];
}

/** Finds a table by its last one, two or three names, without case; the first of equal names wins. */
export const sourceSchemas = (tables: readonly SourceTable[]): SourceSchemas => {
  const byName = new Map<string, readonly OutputColumn[]>();
  for (const { catalog, schema, table, columns } of tables) {
    const names = [`${schema}.${table}`, `${catalog}.${schema}.${table}`];
    // A bare name reaches only the schema that DuckDB searches.
    if (schema.toLowerCase() === "main") names.push(table);
    for (const name of names) {
      const key = name.toLowerCase();
      if (!byName.has(key)) byName.set(key, columns);
    }
  }
  return Object.freeze({ columnsOf: (name: string) => byName.get(name.toLowerCase()) });
};

import { digest } from "./digest.ts";
import type { OutputColumn } from "./project.ts";
import { fromWarehouseType } from "./warehouse-type.ts";

/** Columns of tables that are no models, as far as somebody knows them. */
export interface SourceSchemas {
  /** Equal for equal tables. */
  readonly identity: string;
  /** `name` is a table as SQL wrote it: `orders`, `raw.orders` or `catalog.raw.orders`. */
  readonly columnsOf: (name: string) => readonly OutputColumn[] | undefined;
}

export const noSourceSchemas: SourceSchemas = Object.freeze({
  identity: "",
  columnsOf: () => undefined,
});

export interface SourceColumn {
  readonly name: string;
  /** As the warehouse prints it, such as `DECIMAL(10,2)`. */
  readonly type: string;
  /** Default true: nothing tells. */
  readonly nullable?: boolean;
}

export interface SourceTable {
  readonly catalog: string;
  readonly schema: string;
  readonly table: string;
  readonly columns: readonly SourceColumn[];
}

/**
 * Finds a table by its last one, two or three names, without case. A name that several tables share is none of them,
 * unless they have the same columns: those of the wrong one would make errors out of sound models.
 */
const findTables = (tables: readonly SourceTable[]): ReadonlyMap<string, SourceTable | undefined> => {
  const byName = new Map<string, SourceTable | undefined>();
  for (const source of tables) {
    const { catalog, schema, table } = source;
    const names = [`${schema}.${table}`, `${catalog}.${schema}.${table}`];
    // A bare name reaches only the schema that DuckDB searches.
    if (schema.toLowerCase() === "main") names.push(table);
    for (const name of names) {
      const key = name.toLowerCase();
      const other = byName.get(key);
      if (!byName.has(key)) byName.set(key, source);
      else if (other !== undefined && !haveSameColumns(other, source)) byName.set(key, undefined);
    }
  }
  return byName;
};

const haveSameColumns = (left: SourceTable, right: SourceTable): boolean =>
  JSON.stringify(left.columns) === JSON.stringify(right.columns);

/** Knows these tables and no others. Nothing but their identity is worked out before somebody asks for a column. */
export const sourceSchemas = (tables: readonly SourceTable[]): SourceSchemas => {
  let byName: ReturnType<typeof findTables> | undefined;
  const known = new Map<SourceTable, readonly OutputColumn[]>();
  return Object.freeze<SourceSchemas>({
    identity: digest(JSON.stringify(tables)),
    columnsOf: (name) => {
      byName ??= findTables(tables);
      const found = byName.get(name.toLowerCase());
      if (found === undefined) return undefined;
      const columns = known.get(found) ?? found.columns.map(outputColumn);
      known.set(found, columns);
      return columns;
    },
  });
};

const outputColumn = ({ name, type, nullable = true }: SourceColumn): OutputColumn => ({
  name,
  type: fromWarehouseType(type),
  nullable,
});

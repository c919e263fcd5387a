import type { Dialect } from "./adapter.ts";
import { checkIdentifier, requireName } from "./identifiers.ts";

/** A relation's place. An empty catalog means the session's own one. */
export interface TableRef {
  readonly catalog: string;
  readonly schema: string;
  readonly table: string;
}

export const tableRef = (catalog: string, schema: string, table: string): TableRef =>
  Object.freeze({ catalog, schema, table });

/** `catalog.schema.table` as people read it; never used as SQL. */
export const displayName = (ref: TableRef): string =>
  [ref.catalog, ref.schema, ref.table].filter((part) => part !== "").join(".");

const joined = (parts: readonly string[], where: string, dialect: Dialect): string =>
  parts.map((part) => dialect.quoteIdentifier(requireName(part, where))).join(".");

/**
 * The reference as SQL, each part quoted where a bare word would not parse. Names come from the warehouse as well as
 * from files, so any name is taken; what the engine makes is checked by `checkTarget` before.
 */
export const sqlName = (ref: TableRef, dialect: Dialect): string =>
  joined(
    ref.catalog === "" ? [ref.schema, ref.table] : [ref.catalog, ref.schema, ref.table],
    `table '${displayName(ref)}'`,
    dialect,
  );

/** `catalog.schema` as SQL. */
export const sqlSchemaName = (catalog: string, schema: string, dialect: Dialect): string => {
  const parts = catalog === "" ? [schema] : [catalog, schema];
  return joined(parts, `schema '${parts.join(".")}'`, dialect);
};

/** A column name as SQL. */
export const sqlColumn = (name: string, where: string, dialect: Dialect): string =>
  dialect.quoteIdentifier(requireName(name, where));

/**
 * Refuses names that nobody means for a new table: `table = "schema.table"` would make a table with a dot in its
 * name. The catalog is the name of a database that exists, whatever it is.
 */
export const checkTarget = (ref: TableRef): TableRef => {
  for (const part of [ref.schema, ref.table]) checkIdentifier(part, `table '${displayName(ref)}'`);
  return ref;
};

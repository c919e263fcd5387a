import type { Dialect } from "./adapter.ts";
import { checkIdentifier } from "./identifiers.ts";

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
  parts.map((part) => dialect.quoteIdentifier(checkIdentifier(part, where))).join(".");

/** The reference as SQL, each part checked, quoted only where a bare word would not parse. */
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
  dialect.quoteIdentifier(checkIdentifier(name, where));

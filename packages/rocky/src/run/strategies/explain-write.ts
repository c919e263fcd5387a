import type { Connection, Dialect } from "../../adapters/adapter.ts";
import { isSqlError, SqlError } from "../../adapters/sql-error.ts";
import { displayName, sqlName, type TableRef } from "../../adapters/table-ref.ts";

interface Explained {
  readonly message?: string;
  readonly hint: string;
}

const explain = async (
  connection: Connection,
  dialect: Dialect,
  ref: TableRef,
  text: string,
): Promise<Explained | undefined> => {
  if (/is not an table|base tables?\b|is of type View/.test(text) && (await connection.isView(ref))) {
    return {
      message: `View ${displayName(ref)} is where rows should go, which only a table can take (${text})`,
      hint: `drop the view (DROP VIEW ${sqlName(ref, dialect)}), write to another table, or use the strategy view`,
    };
  }
  const column = /Table ".*" does not have a column with name "(.*)"/.exec(text)?.[1];
  if (column !== undefined) {
    const name = `${sqlName(ref, dialect)} ADD COLUMN ${dialect.quoteIdentifier(column)}`;
    return { hint: `add the column (ALTER TABLE ${name} <type>), leave it out, or build the table anew` };
  }
  if (/Schema with name .* does not exist/.test(text)) {
    return { hint: "create the schema, or set auto_create_schemas = true under target.governance" };
  }
  if (/Catalog (?:with name )?\S+ does not exist/.test(text)) {
    const own = String(await connection.scalar("SELECT current_database()"));
    return { hint: `the catalog of this database is '${own}', after the name of its file` };
  }
  return undefined;
};

/** A refusal to write a table, with what can be done about it; every other failure is answered as it is. */
export const explainWrite = async (
  connection: Connection,
  dialect: Dialect,
  ref: TableRef,
  thrown: unknown,
): Promise<unknown> => {
  if (!isSqlError(thrown)) return thrown;
  if (thrown.kind !== "statement" && thrown.kind !== "missing_relation") return thrown;
  const found = await explain(connection, dialect, ref, thrown.message).catch(() => undefined);
  if (found === undefined) return thrown;
  return new SqlError(thrown.kind, found.message ?? thrown.message, {
    ...(thrown.sql === undefined ? {} : { sql: thrown.sql }),
    hint: found.hint,
    cause: thrown,
  });
};

import type { DuckDBInstance } from "@duckdb/node-api";
import type { Connection, Session } from "../adapter.ts";
import { sqlString } from "../identifiers.ts";
import { createDuckDbConnection } from "./connection.ts";
import { duckDbDialect } from "./dialect.ts";

const catalogCondition = (column: string, catalog: string | undefined): string =>
  `${column} = ${catalog === undefined || catalog === "" ? "current_database()" : sqlString(catalog)}`;

/** A session over an open instance; `release` gives the instance back when the session is closed. */
export const createDuckDbSession = async (
  instance: DuckDBInstance,
  signal: AbortSignal | undefined,
  release: () => void,
): Promise<Session> => {
  const main = createDuckDbConnection(await instance.connect(), signal);
  const defaultCatalog = String(
    (await main.raw.runAndReadAll("SELECT current_database()")).getRowsJson()[0]?.[0],
  );

  const connect = async (): Promise<Connection & AsyncDisposable> => {
    const connection = createDuckDbConnection(await instance.connect(), signal);
    return {
      ...connection,
      [Symbol.asyncDispose]: async () => connection.raw.closeSync(),
    };
  };

  const listSchemas = async (prefix: string, catalog?: string): Promise<readonly string[]> => {
    // starts_with instead of LIKE: the underscores of a prefix such as `app_` are no wildcards.
    const rows = await main.query(
      `SELECT schema_name FROM information_schema.schemata WHERE ${catalogCondition("catalog_name", catalog)} ` +
        `AND starts_with(schema_name, ${sqlString(prefix)}) ORDER BY schema_name`,
    );
    return rows.map((row) => String(row[0]));
  };

  const listTables = async (
    schemas: readonly string[],
    catalog?: string,
  ): Promise<ReadonlyMap<string, readonly string[]>> => {
    const found = new Map<string, string[]>(schemas.map((schema) => [schema, []]));
    if (schemas.length === 0) return found;
    const rows = await main.query(
      `SELECT table_schema, table_name FROM information_schema.tables ` +
        `WHERE ${catalogCondition("table_catalog", catalog)} AND table_type = 'BASE TABLE' ` +
        `AND table_schema IN (${schemas.map(sqlString).join(", ")}) ORDER BY table_schema, table_name`,
    );
    for (const row of rows) found.get(String(row[0]))?.push(String(row[1]));
    return found;
  };

  let closed = false;
  return Object.freeze<Session>({
    ...main,
    dialect: duckDbDialect,
    defaultCatalog,
    connect,
    listSchemas,
    listTables,
    [Symbol.asyncDispose]: async () => {
      if (closed) return;
      closed = true;
      main.raw.closeSync();
      release();
    },
  });
};

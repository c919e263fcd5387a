import { existsSync } from "node:fs";
import type { DuckDBInstance } from "@duckdb/node-api";
import type { Connection, OpenOptions, Session } from "../adapter.ts";
import { sqlString } from "../identifiers.ts";
import { createDuckDbConnection } from "./connection.ts";
import { duckDbDialect } from "./dialect.ts";
import { openError } from "./errors.ts";
import { reserveFile, type TogetherLease } from "./instance-pool.ts";
import { whileLocked } from "./open-waiting.ts";

const catalogCondition = (column: string, catalog: string | undefined): string =>
  `${column} = ${catalog === undefined || catalog === "" ? "current_database()" : sqlString(catalog)}`;

/** A session over an open instance; `release` gives back the instance and the files reserved for attaching. */
export const createDuckDbSession = async (
  instance: DuckDBInstance,
  options: OpenOptions,
  { release, reserved }: Pick<TogetherLease, "release" | "reserved">,
): Promise<Session> => {
  const { signal } = options;
  const main = createDuckDbConnection(await instance.connect(), signal);
  // Partitions, watermarks and checks mean UTC wherever the machine stands; for all connections of the instance.
  await main.raw.run("SET GLOBAL TimeZone = 'UTC'");
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

  const attached = new Map<string, { readonly catalog: string; readonly giveBack: () => void }>();
  const attach = async (path: string): Promise<string> => {
    const known = attached.get(path);
    if (known !== undefined) return known.catalog;
    if (!existsSync(path)) throw openError(path, new Error("the file does not exist"));
    const giveBack = reserved.get(path) ?? (await reserveFile(path, options));
    try {
      const catalog = `_rocky_source_${attached.size + 1}`;
      const statement = `ATTACH ${sqlString(path)} AS ${catalog} (READ_ONLY)`;
      await whileLocked(path, options, () => main.execute(statement));
      attached.set(path, { catalog, giveBack });
      return catalog;
    } catch (error) {
      giveBack();
      throw error;
    }
  };
  const detachAll = async (): Promise<void> => {
    for (const { catalog, giveBack } of attached.values()) {
      // Past the signal: after an abort the file still has to be let go.
      await main.raw.run(`DETACH ${catalog}`).catch(() => undefined);
      giveBack();
    }
  };

  let closed = false;
  return Object.freeze<Session>({
    ...main,
    dialect: duckDbDialect,
    defaultCatalog,
    connect,
    attach,
    listSchemas,
    listTables,
    [Symbol.asyncDispose]: async () => {
      if (closed) return;
      closed = true;
      await detachAll();
      main.raw.closeSync();
      release();
    },
  });
};

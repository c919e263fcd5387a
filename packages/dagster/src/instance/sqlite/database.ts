import { existsSync } from "node:fs";
import Libsql from "libsql";
import { StorageError } from "../errors.ts";
import { type Patience, withPatience } from "../patience.ts";
import { requireColumns } from "../sql/required-columns.ts";
import type { SqlClient, SqlDatabase, SqlDialect, SqlRow, SqlValue } from "../sql/client.ts";

/**
 * How long a locked database is waited for. Longer than Dagster's own 30 s: a backup or a copy may hold the lock
 * for minutes, and a run that gave up could not even write that it did.
 */
const BUSY_LIMIT_MS = 600_000;
/**
 * SQLite's own waiting blocks the thread, and a worker must stay able to cancel: so each attempt waits
 * this short, and the rest of the waiting is done by a timer.
 */
const BUSY_ATTEMPT_MS = 40;

const sqliteDialect: SqlDialect = {
  skipLocked: "",
  columns: async (client, table) =>
    new Set((await client.query(`PRAGMA table_info("${table}")`)).map((row) => String(row.name))),
};

/** Opens a database that the host has made. */
export function openSqlite(path: string, options: { busyLimitMs?: number } = {}): SqlDatabase {
  // libsql would create an empty file.
  if (!existsSync(path)) {
    throw new StorageError(
      "missing_database",
      `there is no Dagster database at ${path}; the Dagster host creates it, so start the webserver or daemon first and check DAGSTER_HOME`,
    );
  }
  const connection = new Libsql(path, { timeout: BUSY_ATTEMPT_MS } as Libsql.Options);
  const client = createClient(connection);
  const patience = busyPatience(path, options.busyLimitMs ?? BUSY_LIMIT_MS);
  let queue: Promise<unknown> = Promise.resolve();
  let open = true;
  let isSetUp = false;

  /** Reads the schema, for which a locked database must be waited for as well. */
  const setUp = (): void => {
    if (isSetUp) return;
    // In WAL mode a killed process loses nothing this way, and a commit need not wait for the disk.
    connection.exec("PRAGMA synchronous = NORMAL");
    isSetUp = true;
  };

  /** One unit of work at a time: a transaction belongs to the whole connection. */
  const exclusive = <T>(work: () => Promise<T>): Promise<T> => {
    const next = queue.then(() => {
      if (!open) throw new StorageError("closed", `the database ${path} is closed`);
      return withPatience(async () => {
        setUp();
        return work();
      }, patience);
    });
    queue = next.catch(() => undefined);
    return next;
  };

  return {
    dialect: sqliteDialect,
    read: (work) => exclusive(() => work(client)),
    write: (work) => exclusive(() => transaction(connection, () => work(client))),
    close: async () => {
      await queue;
      if (!open) return;
      open = false;
      connection.close();
    },
  };
}

/** Fails, and leaves nothing open, when the tables lack a column. */
export async function openChecked(
  path: string,
  tables: Readonly<Record<string, readonly string[]>>,
): Promise<SqlDatabase> {
  const database = openSqlite(path);
  try {
    await requireColumns(database, path, tables);
    return database;
  } catch (error) {
    await database.close();
    throw error;
  }
}

function createClient(connection: Libsql.Database): SqlClient {
  // Preparing costs more than running; the statements of this package are few and constant.
  const statements = new Map<string, Libsql.Statement>();
  const prepare = (sql: string): Libsql.Statement => {
    let statement = statements.get(sql);
    if (statement === undefined) {
      // Lists of keys make statements of many lengths.
      if (statements.size >= 200) statements.clear();
      statement = connection.prepare(sql);
      statements.set(sql, statement);
    }
    return statement;
  };
  return {
    query: async (sql, params = []) => prepare(sql).all(...bind(params)) as SqlRow[],
    execute: async (sql, params = []) => prepare(sql).run(...bind(params)).changes,
  };
}

const bind = (params: readonly SqlValue[]): SqlValue[] => [...params];

async function transaction<T>(connection: Libsql.Database, work: () => Promise<T>): Promise<T> {
  connection.exec("BEGIN IMMEDIATE");
  try {
    const result = await work();
    connection.exec("COMMIT");
    return result;
  } catch (error) {
    if (connection.inTransaction) connection.exec("ROLLBACK");
    throw error;
  }
}

const busyPatience = (path: string, limitMs: number): Patience => ({
  name: `locked database ${path}`,
  isTransient: isBusy,
  limitMs: () => limitMs,
  // Random, so that many workers do not come back at the same moment; rarer, when it takes long anyway.
  pauseMs: (attempt) => (attempt < 100 ? 2 + Math.random() * 20 : 200 + Math.random() * 200),
  exhausted: (cause) =>
    new StorageError(
      "locked",
      `the database ${path} stayed locked by another process for ${limitMs / 1000} s`,
      { cause },
    ),
});

const isBusy = (error: unknown): boolean =>
  error instanceof Error && "code" in error && /^SQLITE_(BUSY|LOCKED)/.test(String(error.code));

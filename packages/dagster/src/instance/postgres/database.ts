import { setTimeout as sleep } from "node:timers/promises";
import { Pool, type PoolClient } from "pg";
import { StorageError } from "../errors.ts";
import { type Patience, withPatience } from "../patience.ts";
import type { SqlClient, SqlDatabase, SqlDialect, SqlRow, SqlValue } from "../sql/client.ts";
import type { ConnectionTarget } from "./connection-config.ts";
import { isConnectionLost, isRetryableConflict } from "./failures.ts";
import { columnTypes } from "./column-types.ts";

/** As long as a locked SQLite database is waited for: servers restart, and are moved. */
const PATIENCE_MS = 600_000;
const FIRST_PATIENCE_MS = 30_000;
/** A worker needs one for its events and one for reads beside them. */
const CONNECTIONS = 2;

const dialect: SqlDialect = {
  skipLocked: " FOR UPDATE SKIP LOCKED",
  lockName: async (client, name) => {
    await client.query("SELECT pg_advisory_xact_lock(hashtext(?))", [name]);
  },
  columns: async (client, table) => {
    const rows = await client.query(
      `SELECT attname AS name FROM pg_attribute
       WHERE attrelid = to_regclass(?) AND attnum > 0 AND NOT attisdropped`,
      [table],
    );
    return new Set(rows.map((row) => String(row.name)));
  },
  // The host's own writers notify this channel at each event. Its readers have come to poll instead; other
  // programs may listen.
  announce: async (client, events) => {
    await client.query(
      "SELECT pg_notify('run_events', event) FROM unnest(string_to_array(?, ',')) AS event",
      [events.join(",")],
    );
  },
};

export function openPostgres(target: ConnectionTarget, options: { patienceMs?: number } = {}): SqlDatabase {
  const pool = new Pool({ ...target.options, max: CONNECTIONS, types: columnTypes });
  // An idle connection that breaks is replaced by the next use; without a listener it would end the process.
  pool.on("error", () => undefined);
  let wasReached = false;
  const patience: Patience = {
    name: target.name,
    isTransient: (error) => isConnectionLost(error) || isRetryableConflict(error),
    // Before it has answered once, the address may be wrong.
    limitMs: () => options.patienceMs ?? (wasReached ? PATIENCE_MS : FIRST_PATIENCE_MS),
    pauseMs: (attempt) => Math.min(2000, 20 * 2 ** attempt) * (0.5 + Math.random()),
    exhausted: (error) => (isConnectionLost(error) ? unreachable(target, error) : error),
  };
  const withRetries = async <T>(work: () => Promise<T>): Promise<T> => {
    const result = await withPatience(work, patience);
    wasReached = true;
    return result;
  };

  return {
    dialect,
    read: (work) => withRetries(() => withClient(pool, (client) => work(sqlClient(client)))),
    write: (work) => withRetries(() => transaction(pool, work)),
    close: () => pool.end(),
  };
}

const unreachable = (target: ConnectionTarget, cause: unknown): StorageError =>
  new StorageError(
    "unreachable",
    `the ${target.name} cannot be reached: ${cause instanceof Error ? cause.message : cause}`,
    {
      cause,
    },
  );

async function withClient<T>(pool: Pool, work: (client: PoolClient) => Promise<T>): Promise<T> {
  const client = await pool.connect();
  let broken: Error | undefined;
  // Between two statements the server may go away; the next statement says so.
  const onError = (error: Error): void => {
    broken = error;
  };
  client.on("error", onError);
  try {
    return await work(client);
  } catch (error) {
    if (isConnectionLost(error)) broken ??= error as Error;
    throw error;
  } finally {
    client.off("error", onError);
    client.release(broken);
  }
}

/** Thrown when the connection broke while the commit was on its way. */
class CommitInDoubt extends Error {
  override readonly name = "CommitInDoubt";
  readonly transactionId: string;

  constructor(transactionId: string, cause: unknown) {
    super("the connection broke during a commit", { cause });
    this.transactionId = transactionId;
  }
}

async function transaction<T>(pool: Pool, work: (client: SqlClient) => Promise<T>): Promise<T> {
  let result: { readonly value: T } | undefined;
  try {
    return await withClient(pool, async (client) => {
      await client.query("BEGIN");
      try {
        const { rows } = await client.query<{ id: string }>("SELECT txid_current()::text AS id");
        const value = await work(sqlClient(client));
        result = { value };
        await commit(client, rows[0]?.id ?? "");
        return value;
      } catch (error) {
        if (!(error instanceof CommitInDoubt)) await client.query("ROLLBACK").catch(() => undefined);
        throw error;
      }
    });
  } catch (error) {
    if (!(error instanceof CommitInDoubt)) throw error;
    // Doing it again could store an event twice; the server knows what became of the transaction.
    if (result !== undefined && (await wasCommitted(pool, error.transactionId))) return result.value;
    throw error.cause;
  }
}

async function commit(client: PoolClient, transactionId: string): Promise<void> {
  try {
    await client.query("COMMIT");
  } catch (error) {
    throw isConnectionLost(error) ? new CommitInDoubt(transactionId, error) : error;
  }
}

async function wasCommitted(pool: Pool, transactionId: string): Promise<boolean> {
  for (let attempt = 0; attempt < 60; attempt++) {
    try {
      const { rows } = await pool.query<{ status: string | null }>(
        "SELECT txid_status($1::bigint) AS status",
        [transactionId],
      );
      const status = rows[0]?.status;
      if (status !== "in progress") return status === "committed";
    } catch (error) {
      if (!isConnectionLost(error)) throw error;
    }
    await sleep(500);
  }
  return false;
}

function sqlClient(client: PoolClient): SqlClient {
  return {
    query: async (sql, params = []) => (await client.query(numbered(sql), bound(params))).rows as SqlRow[],
    execute: async (sql, params = []) => (await client.query(numbered(sql), bound(params))).rowCount ?? 0,
  };
}

const bound = (params: readonly SqlValue[]): SqlValue[] => [...params];

const texts = new Map<string, string>();

/** `?` to `$1`, `$2`, …; no statement of this package holds a question mark otherwise. */
function numbered(sql: string): string {
  let text = texts.get(sql);
  if (text === undefined) {
    let position = 0;
    text = sql.replaceAll("?", () => `$${++position}`);
    if (texts.size > 500) texts.clear();
    texts.set(sql, text);
  }
  return text;
}

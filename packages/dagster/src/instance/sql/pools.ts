import type { PoolLimit, PoolStorage } from "../storage.ts";
import {
  asNumber,
  asOptionalText,
  asText,
  placeholders,
  type SqlClient,
  type SqlDatabase,
  update,
} from "./client.ts";

/** Step-level pools: `concurrency_slots` is the semaphore, `pending_steps` the queue before it. */
export function createSqlPools(database: SqlDatabase): PoolStorage {
  return {
    limits: () =>
      database.read(async (client) => {
        const columns = await database.dialect.columns(client, "concurrency_limits");
        const flag = columns.has("using_default_limit") ? "using_default_limit" : "NULL";
        const rows = await client.query(
          `SELECT concurrency_key, "limit", ${flag} AS from_default FROM concurrency_limits`,
        );
        return new Map<string, PoolLimit>(
          rows.map((row) => [
            asText(row.concurrency_key),
            { limit: asNumber(row.limit), fromDefault: Boolean(row.from_default) },
          ]),
        );
      }),

    applyDefault: (pool, limit) =>
      database.write(async (client) => {
        const columns = await database.dialect.columns(client, "concurrency_limits");
        const flag = columns.has("using_default_limit") ? ", using_default_limit" : "";
        const changed = await client.execute(
          `UPDATE concurrency_limits SET "limit" = ? WHERE concurrency_key = ?`,
          [limit, pool],
        );
        if (changed === 0) {
          await client.execute(
            `INSERT INTO concurrency_limits (concurrency_key, "limit"${flag}) VALUES (?, ?${flag === "" ? "" : ", TRUE"})`,
            [pool, limit],
          );
        }
        await allocate(client, pool, limit);
      }),

    claim: (pool, runId, stepKey, priority) =>
      database.write((client) =>
        claim(client, database.dialect.skipLocked, { pool, runId, stepKey, priority }),
      ),

    release: (runId, stepKey) => database.write((client) => release(client, runId, stepKey)),
  };
}

interface Claim {
  readonly pool: string;
  readonly runId: string;
  readonly stepKey: string;
  readonly priority: number;
}

/** Queued, then assigned (as many as there are slots), then holding a slot. */
async function claim(client: SqlClient, skipLocked: string, wanted: Claim): Promise<boolean> {
  const { pool, runId, stepKey } = wanted;
  const owner = [pool, runId, stepKey];
  const pending = await client.query(
    "SELECT assigned_timestamp FROM pending_steps WHERE concurrency_key = ? AND run_id = ? AND step_key = ?",
    owner,
  );
  let assigned = asOptionalText(pending[0]?.assigned_timestamp) !== undefined;
  if (pending.length === 0) {
    assigned = await hasUnassignedSlot(client, pool);
    await client.execute(
      `INSERT INTO pending_steps (concurrency_key, run_id, step_key, priority, assigned_timestamp)
       VALUES (?, ?, ?, ?, ${assigned ? "CURRENT_TIMESTAMP" : "NULL"})`,
      [...owner, wanted.priority],
    );
  }
  if (!assigned) return false;
  const held = await client.query(
    "SELECT id FROM concurrency_slots WHERE concurrency_key = ? AND run_id = ? AND step_key = ? LIMIT 1",
    owner,
  );
  if (held.length > 0) return true;
  const free = await client.query(
    `SELECT id FROM concurrency_slots WHERE concurrency_key = ? AND step_key IS NULL AND deleted = FALSE
     LIMIT 1${skipLocked}`,
    [pool],
  );
  if (free[0] === undefined) return false;
  await update(
    client,
    "concurrency_slots",
    { run_id: runId, step_key: stepKey },
    { id: asNumber(free[0].id) },
  );
  return true;
}

async function hasUnassignedSlot(client: SqlClient, pool: string): Promise<boolean> {
  const rows = await client.query(
    `SELECT (SELECT count(*) FROM concurrency_slots WHERE concurrency_key = ? AND deleted = FALSE) -
            (SELECT count(*) FROM pending_steps WHERE concurrency_key = ? AND assigned_timestamp IS NOT NULL) AS n`,
    [pool, pool],
  );
  return asNumber(rows[0]?.n) > 0;
}

/** Slots of a pool whose limit was lowered are marked deleted while in use; they go when they come back. */
async function release(client: SqlClient, runId: string, stepKey: string | undefined): Promise<void> {
  const step = stepKey === undefined ? "" : " AND step_key = ?";
  const owner = stepKey === undefined ? [runId] : [runId, stepKey];
  await client.execute(`DELETE FROM concurrency_slots WHERE run_id = ? AND deleted = TRUE${step}`, owner);
  await client.execute(
    `UPDATE concurrency_slots SET run_id = NULL, step_key = NULL WHERE run_id = ?${step}`,
    owner,
  );
  const pending = await client.query(
    `SELECT id, concurrency_key, assigned_timestamp FROM pending_steps WHERE run_id = ?${step}`,
    owner,
  );
  if (pending.length === 0) return;
  const ids = pending.map((row) => asNumber(row.id));
  await client.execute(`DELETE FROM pending_steps WHERE id IN (${placeholders(ids.length)})`, ids);
  for (const row of pending) {
    if (asOptionalText(row.assigned_timestamp) !== undefined)
      await assignNext(client, asText(row.concurrency_key));
  }
}

async function assignNext(client: SqlClient, pool: string): Promise<void> {
  await client.execute(
    `UPDATE pending_steps SET assigned_timestamp = CURRENT_TIMESTAMP WHERE id = (
       SELECT id FROM pending_steps WHERE concurrency_key = ? AND assigned_timestamp IS NULL
       ORDER BY priority DESC, create_timestamp, id LIMIT 1)`,
    [pool],
  );
}

/** Makes the number of live slots equal the limit; unused ones go first. */
async function allocate(client: SqlClient, pool: string, limit: number): Promise<void> {
  const rows = await client.query(
    "SELECT id FROM concurrency_slots WHERE concurrency_key = ? AND deleted = FALSE ORDER BY (run_id IS NULL) DESC, id DESC",
    [pool],
  );
  const ids = rows.slice(0, Math.max(0, rows.length - limit)).map((row) => asNumber(row.id));
  if (ids.length > 0) {
    await client.execute(
      `UPDATE concurrency_slots SET deleted = TRUE WHERE id IN (${placeholders(ids.length)})`,
      ids,
    );
    await client.execute(
      "DELETE FROM concurrency_slots WHERE deleted = TRUE AND run_id IS NULL AND concurrency_key = ?",
      [pool],
    );
  }
  for (let count = rows.length; count < limit; count++) {
    await client.execute("INSERT INTO concurrency_slots (concurrency_key, deleted) VALUES (?, FALSE)", [
      pool,
    ]);
    await assignNext(client, pool);
  }
}

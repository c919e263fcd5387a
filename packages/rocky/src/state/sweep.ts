import type { StateDatabase, Transaction } from "./database.ts";

export interface SweepRequest {
  /** ISO 8601; only what is older goes. */
  readonly before: string;
  /** The newest runs that stay in any case. */
  readonly keep: number;
  readonly dryRun: boolean;
  /** The sweep stops after this time and goes on the next time, in milliseconds. */
  readonly budgetMs?: number;
}

export interface Sweep {
  readonly deleted: number;
  readonly kept: number;
}

/** Small enough that a run which waits for the store does not notice. */
const BATCH = 500;
/** Measurements of a table that stay, however old: what is usual for it is told from them. */
const MEASUREMENTS_KEPT = 20;

// A copy that was killed and never repeated needs its mark, however old it is: it keeps rows from coming twice.
const OLD =
  "started_at < ? AND seq NOT IN (SELECT seq FROM runs ORDER BY seq DESC LIMIT ?) " +
  "AND run_id NOT IN (SELECT run_id FROM run_progress WHERE status = 'running')";

const deleteBatch = (transaction: Transaction, { before, keep }: SweepRequest): number => {
  const ids = transaction
    .all(`SELECT run_id FROM runs WHERE ${OLD} ORDER BY seq LIMIT ${BATCH}`, before, keep)
    .map(([id]) => String(id));
  if (ids.length === 0) return 0;
  const marks = ids.map(() => "?").join(", ");
  for (const table of ["run_models", "run_progress", "run_owners", "runs"])
    transaction.run(`DELETE FROM ${table} WHERE run_id IN (${marks})`, ...ids);
  return ids.length;
};

/** Removes old runs with all that is kept about them, and old measurements. */
export const sweepRuns = async (state: StateDatabase, request: SweepRequest): Promise<Sweep> => {
  const { before, keep, dryRun, budgetMs = Number.POSITIVE_INFINITY } = request;
  const count = async (where: string, ...values: readonly (string | number)[]): Promise<number> =>
    Number((await state.all(`SELECT COUNT(*) FROM runs WHERE ${where}`, ...values))[0]?.[0]);
  const all = await count("TRUE");
  if (dryRun) {
    const deleted = await count(OLD, before, keep);
    return { deleted, kept: all - deleted };
  }
  const started = performance.now();
  let deleted = 0;
  for (let batch = BATCH; batch === BATCH && performance.now() - started < budgetMs; deleted += batch)
    batch = await state.write((transaction) => deleteBatch(transaction, request));
  await state.write((transaction) =>
    transaction.run(
      "DELETE FROM quality WHERE recorded_at < ? AND (table_name, recorded_at, run_id) NOT IN (SELECT table_name, " +
        "recorded_at, run_id FROM (SELECT table_name, recorded_at, run_id, ROW_NUMBER() OVER (PARTITION BY table_name " +
        "ORDER BY recorded_at DESC) AS age FROM quality) WHERE age <= ?)",
      before,
      MEASUREMENTS_KEPT,
    ),
  );
  return { deleted, kept: all - deleted };
};

const SWEPT_AT = "swept_at";

/** Whether the last sweep is so long ago; says so once, so that of several runs only one sweeps. */
export const sweepIsDue = async (state: StateDatabase, intervalSeconds: number): Promise<boolean> => {
  const since = new Date(Date.now() - intervalSeconds * 1000).toISOString();
  const lastOf = (rows: readonly (readonly unknown[])[]): string => String(rows[0]?.[0] ?? "");
  const question = "SELECT value FROM notes WHERE name = ?";
  if (lastOf(await state.all(question, SWEPT_AT)) > since) return false;
  return state.write((transaction) => {
    if (lastOf(transaction.all(question, SWEPT_AT)) > since) return false;
    transaction.run("INSERT OR REPLACE INTO notes VALUES (?, ?)", SWEPT_AT, new Date().toISOString());
    return true;
  });
};

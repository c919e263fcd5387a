import type { StateDatabase, Transaction } from "./database.ts";

export type ProgressStatus = "running" | "success" | "failed";

export const putProgress = (
  transaction: Transaction,
  runId: string,
  table: string,
  status: ProgressStatus,
): void =>
  transaction.run(
    "INSERT INTO run_progress VALUES (?, ?, ?, ?) ON CONFLICT (run_id, table_name) DO UPDATE SET " +
      "status = excluded.status, updated_at = excluded.updated_at",
    runId,
    table,
    status,
    new Date().toISOString(),
  );

/** Tables that the run finished well. */
export const succeededTables = async (state: StateDatabase, runId: string): Promise<ReadonlySet<string>> => {
  const rows = await state.all(
    "SELECT table_name FROM run_progress WHERE run_id = ? AND status = 'success'",
    runId,
  );
  return new Set(rows.map((row) => String(row[0])));
};

/** The newest run that has progress to resume from. */
export const latestProgressRun = async (
  state: StateDatabase,
  pipeline: string,
): Promise<string | undefined> => {
  const rows = await state.all(
    "SELECT run_id FROM runs WHERE pipeline = ? AND run_id IN (SELECT run_id FROM run_progress) " +
      "ORDER BY seq DESC LIMIT 1",
    pipeline,
  );
  return rows[0] === undefined ? undefined : String(rows[0][0]);
};

/**
 * Tables whose copy was begun and never finished, because the process died. Their data may be newer than their
 * watermark, which then has to be read from the data again.
 */
export const unfinishedTables = async (state: StateDatabase): Promise<ReadonlySet<string>> => {
  const rows = await state.all("SELECT DISTINCT table_name FROM run_progress WHERE status = 'running'");
  return new Set(rows.map((row) => String(row[0])));
};

/** Once a table's watermark is known again, older marks of its unfinished copies mean nothing. */
export const settleTable = (transaction: Transaction, table: string): void =>
  transaction.run(
    "UPDATE run_progress SET status = 'failed' WHERE table_name = ? AND status = 'running'",
    table,
  );

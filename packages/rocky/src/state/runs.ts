import { settleAppends } from "./appends.ts";
import type { Cells, StateDatabase } from "./database.ts";
import { ownerMayLive, ownOwner } from "./owner.ts";

export type RunStatus = "Success" | "PartialFailure" | "Failure";
export type RunTrigger = "Manual" | "Sensor" | "Schedule" | "Ci";
export type ExecutionStatus = "success" | "failed" | "skipped";

/** One table or model of a run. Times are ISO 8601 in UTC, durations milliseconds. */
export interface ModelExecution {
  readonly modelName: string;
  readonly assetKey: readonly string[];
  readonly startedAt: string;
  readonly finishedAt: string;
  readonly durationMs: number;
  readonly status: ExecutionStatus;
  readonly sqlHash: string;
  readonly rowsAffected?: number;
  readonly tenant?: string;
}

export interface RunRecord {
  readonly runId: string;
  readonly startedAt: string;
  readonly finishedAt: string;
  readonly durationMs: number;
  readonly status: RunStatus;
  readonly trigger: RunTrigger;
  readonly pipeline?: string;
  readonly configHash: string;
  readonly adapterType?: string;
  readonly idempotencyKey?: string;
  readonly models: readonly ModelExecution[];
}

export interface RunStart {
  readonly startedAt: Date;
  readonly trigger: RunTrigger;
  readonly pipeline?: string;
  readonly configHash: string;
  readonly adapterType?: string;
  readonly idempotencyKey?: string;
}

const digits = (value: number, width: number): string => String(value).padStart(width, "0");

/** `run-YYYYmmdd-HHMMSS-mmm`, UTC. */
export const formatRunId = (at: Date): string => {
  const date = `${at.getUTCFullYear()}${digits(at.getUTCMonth() + 1, 2)}${digits(at.getUTCDate(), 2)}`;
  const time = `${digits(at.getUTCHours(), 2)}${digits(at.getUTCMinutes(), 2)}${digits(at.getUTCSeconds(), 2)}`;
  return `run-${date}-${time}-${digits(at.getUTCMilliseconds(), 3)}`;
};

const RUNNING = "Running";

/** Takes a run id that nobody else has; the run shows up in the history once it is finished. */
export const startRun = (state: StateDatabase, start: RunStart): Promise<string> =>
  state.write((transaction) => {
    for (let offset = 0; ; offset += 1) {
      const runId = formatRunId(new Date(start.startedAt.getTime() + offset));
      if (transaction.all("SELECT 1 FROM runs WHERE run_id = ?", runId).length > 0) continue;
      transaction.run(
        "INSERT INTO runs (run_id, started_at, status, trigger, pipeline, config_hash, duration_ms, adapter_type, " +
          "idempotency_key) VALUES (?, ?, ?, ?, ?, ?, 0, ?, ?)",
        runId,
        start.startedAt.toISOString(),
        RUNNING,
        start.trigger,
        start.pipeline ?? null,
        start.configHash,
        start.adapterType ?? null,
        start.idempotencyKey ?? null,
      );
      transaction.run("INSERT INTO run_owners VALUES (?, ?)", runId, ownOwner());
      return runId;
    }
  });

/** Forgets a run that turned out to have nothing to do. */
export const abandonRun = (state: StateDatabase, runId: string): Promise<void> =>
  state.write((transaction) => {
    for (const table of ["runs", "run_owners"])
      transaction.run(`DELETE FROM ${table} WHERE run_id = ?`, runId);
  });

export interface RunEnd {
  readonly runId: string;
  readonly finishedAt: Date;
  readonly durationMs: number;
  readonly status: RunStatus;
  readonly models: readonly ModelExecution[];
  readonly interrupted: boolean;
}

/** In one transaction, because a run that has ended must not leave appends that look like those of a killed one. */
export const finishRun = (state: StateDatabase, end: RunEnd): Promise<void> =>
  state.write((transaction) => {
    transaction.run(
      "UPDATE runs SET finished_at = ?, status = ?, duration_ms = ? WHERE run_id = ?",
      end.finishedAt.toISOString(),
      end.status,
      end.durationMs,
      end.runId,
    );
    transaction.run("DELETE FROM run_owners WHERE run_id = ?", end.runId);
    settleAppends(transaction, end.runId, end.interrupted);
    for (const [position, model] of end.models.entries()) {
      transaction.run(
        "INSERT OR REPLACE INTO run_models VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        end.runId,
        position,
        model.modelName,
        JSON.stringify(model.assetKey),
        model.startedAt,
        model.finishedAt,
        model.durationMs,
        model.status,
        model.sqlHash,
        model.rowsAffected ?? null,
        model.tenant ?? null,
      );
    }
  });

const RUN_COLUMNS =
  "run_id, started_at, finished_at, status, trigger, pipeline, config_hash, duration_ms, adapter_type, " +
  "idempotency_key, (SELECT MAX(updated_at) FROM run_progress p WHERE p.run_id = runs.run_id)";
const MODEL_COLUMNS =
  "run_id, model_name, asset_key, started_at, finished_at, duration_ms, status, sql_hash, rows_affected, tenant";

const toExecution = (row: Cells): ModelExecution => ({
  modelName: String(row[1]),
  assetKey: JSON.parse(String(row[2])) as readonly string[],
  startedAt: String(row[3]),
  finishedAt: String(row[4]),
  durationMs: Number(row[5]),
  status: String(row[6]) as ExecutionStatus,
  sqlHash: String(row[7]),
  ...(row[8] === null ? {} : { rowsAffected: Number(row[8]) }),
  ...(row[9] === null ? {} : { tenant: String(row[9]) }),
});

/** What is known of a run that died: it lasted at least until its last table was touched. */
const interrupted = (startedAt: string, lastSeen: Cells[number] | undefined) => {
  const finishedAt = typeof lastSeen === "string" && lastSeen > startedAt ? lastSeen : startedAt;
  return {
    finishedAt,
    status: "Failure" as const,
    durationMs: Date.parse(finishedAt) - Date.parse(startedAt),
  };
};

const toRecord = (row: Cells, models: readonly ModelExecution[]): RunRecord => ({
  runId: String(row[0]),
  startedAt: String(row[1]),
  finishedAt: String(row[2]),
  status: String(row[3]) as RunStatus,
  trigger: String(row[4]) as RunTrigger,
  ...(row[5] === null ? {} : { pipeline: String(row[5]) }),
  configHash: String(row[6]),
  durationMs: Number(row[7]),
  ...(row[8] === null ? {} : { adapterType: String(row[8]) }),
  ...(row[9] === null ? {} : { idempotencyKey: String(row[9]) }),
  models,
  ...(row[3] === RUNNING ? interrupted(String(row[1]), row[10]) : {}),
});

export interface RunQuery {
  /** ISO date or date and time; earlier runs are left out. */
  readonly since?: string;
  readonly limit?: number;
  readonly runId?: string;
  readonly pipeline?: string;
}

const hasDied = (owner: Cells[number] | undefined): boolean =>
  typeof owner === "string" && !ownerMayLive(owner);

/** Runs that never came to their end, because their process was killed. They are told as failures. */
const diedRuns = async (state: StateDatabase): Promise<readonly string[]> => {
  const rows = await state.all(
    `SELECT r.run_id, o.owner FROM runs r JOIN run_owners o ON o.run_id = r.run_id WHERE r.status = '${RUNNING}'`,
  );
  return rows.filter((row) => hasDied(row[1])).map((row) => String(row[0]));
};

/**
 * Finished runs with their models, newest first; runs whose process died are among them as failures that ended when
 * their last table did. A fixed number of statements, whatever the number of runs.
 */
export const listRuns = async (state: StateDatabase, query: RunQuery = {}): Promise<readonly RunRecord[]> => {
  const died = await diedRuns(state);
  const conditions = [
    died.length === 0
      ? `status <> '${RUNNING}'`
      : `(status <> '${RUNNING}' OR run_id IN (${died.map(() => "?").join(", ")}))`,
    ...(query.since === undefined ? [] : ["started_at >= ?"]),
    ...(query.runId === undefined ? [] : ["run_id = ?"]),
    ...(query.pipeline === undefined ? [] : ["pipeline = ?"]),
  ].join(" AND ");
  const values = [...died, query.since, query.runId, query.pipeline].filter((value) => value !== undefined);
  const limit = query.limit === undefined ? "" : ` LIMIT ${Math.trunc(query.limit)}`;
  const selected = `FROM runs WHERE ${conditions} ORDER BY seq DESC${limit}`;
  const runs = await state.all(`SELECT ${RUN_COLUMNS} ${selected}`, ...values);
  const executions = await state.all(
    `SELECT ${MODEL_COLUMNS} FROM run_models WHERE run_id IN (SELECT run_id ${selected}) ORDER BY run_id, position`,
    ...values,
  );
  const byRun = new Map<string, ModelExecution[]>();
  for (const row of executions) {
    const runId = String(row[0]);
    const known = byRun.get(runId);
    if (known === undefined) byRun.set(runId, [toExecution(row)]);
    else known.push(toExecution(row));
  }
  return runs.map((row) => toRecord(row, byRun.get(String(row[0])) ?? []));
};

/** Executions of one model or table in finished runs, newest first. */
export const listExecutions = async (
  state: StateDatabase,
  modelName: string,
  since?: string,
): Promise<readonly ModelExecution[]> => {
  const rows = await state.all(
    `SELECT ${MODEL_COLUMNS} FROM run_models WHERE model_name = ? AND started_at >= ? ` +
      "ORDER BY started_at DESC, position DESC",
    modelName,
    since ?? "",
  );
  return rows.map(toExecution);
};

/** Executions of whatever model whose SQL had this hash, newest first, with their runs. */
export const listExecutionsOf = async (
  state: StateDatabase,
  sqlHash: string,
): Promise<readonly (ModelExecution & { readonly runId: string })[]> => {
  const rows = await state.all(
    `SELECT ${MODEL_COLUMNS}, run_id FROM run_models WHERE sql_hash = ? ORDER BY started_at DESC, position DESC`,
    sqlHash,
  );
  return rows.map((row) => ({ ...toExecution(row), runId: String(row.at(-1)) }));
};

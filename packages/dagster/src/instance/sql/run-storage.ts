import { inflateSync } from "node:zlib";
import { StorageError } from "../errors.ts";
import {
  isFinished,
  RUN_STATUSES,
  type RunFilter,
  type RunRecord,
  type RunStatus,
  type RunStatusChange,
  type RunStorage,
} from "../storage.ts";
import { timestampText } from "../time.ts";
import {
  asNumber,
  asOptionalNumber,
  asOptionalText,
  asText,
  insert,
  placeholders,
  type SqlClient,
  type SqlDatabase,
  type SqlRow,
  type SqlValue,
  update,
} from "./client.ts";
import { rewriteRunBody, runTags } from "./run-body.ts";

const FAILURE_REASON_TAG = "dagster/failure_reason";
const COLUMNS = "id, run_id, pipeline_name, status, snapshot_id, run_body, start_time, end_time";

export function createSqlRunStorage(database: SqlDatabase): RunStorage {
  return {
    getRun: (runId) => database.read((client) => selectRun(client, runId)),

    setStatus: (runId, change) => database.write((client) => setStatus(client, runId, change)),

    addTags: (runId, tags) =>
      database.write(async (client) => {
        const run = await requireRun(client, runId);
        const merged = { ...run.tags, ...tags };
        await update(
          client,
          "runs",
          {
            run_body: rewriteRunBody(run.body, { tags }),
            partition: merged["dagster/partition"] ?? null,
            partition_set: merged["dagster/partition_set"] ?? null,
            update_timestamp: timestampText(Date.now() / 1000),
          },
          { run_id: runId },
        );
        for (const [key, value] of Object.entries(tags)) await putTag(client, runId, key, value);
      }),

    listRuns: (filter, limit) =>
      database.read(async (client) => {
        const { where, params } = filterClause(filter);
        const cap = limit === undefined ? "" : ` LIMIT ${Math.trunc(limit)}`;
        const rows = await client.query(`SELECT ${COLUMNS} FROM runs${where} ORDER BY id DESC${cap}`, params);
        return rows.map(toRecord);
      }),

    countRuns: (filter) =>
      database.read(async (client) => {
        const { where, params } = filterClause(filter);
        const rows = await client.query(`SELECT count(*) AS n FROM runs${where}`, params);
        return asNumber(rows[0]?.n);
      }),

    runGroupSize: (rootRunId) =>
      database.read(async (client) => {
        const rows = await client.query(
          "SELECT count(*) AS n FROM run_tags WHERE key = 'dagster/root_run_id' AND value = ?",
          [rootRunId],
        );
        return 1 + asNumber(rows[0]?.n);
      }),

    getSnapshot: (snapshotId) =>
      database.read(async (client) => {
        const rows = await client.query("SELECT snapshot_body FROM snapshots WHERE snapshot_id = ?", [
          snapshotId,
        ]);
        const body = rows[0]?.snapshot_body;
        return body instanceof Uint8Array ? inflateSync(body).toString("utf8") : undefined;
      }),

    getKeyValues: (keys) =>
      database.read(async (client) => {
        if (keys.length === 0) return new Map();
        const rows = await client.query(
          `SELECT key, value FROM kvs WHERE key IN (${placeholders(keys.length)})`,
          keys,
        );
        return new Map(rows.map((row) => [asText(row.key), asText(row.value)]));
      }),

    setKeyValue: (key, value) => database.write((client) => putKeyValue(client, key, value)),

    updateKeyValue: (key, change) =>
      database.write(async (client) => {
        await database.dialect.lockName?.(client, `kvs ${key}`);
        const rows = await client.query("SELECT value FROM kvs WHERE key = ?", [key]);
        await putKeyValue(client, key, change(asOptionalText(rows[0]?.value)));
      }),

    close: () => database.close(),
  };
}

async function putKeyValue(client: SqlClient, key: string, value: string): Promise<void> {
  if ((await update(client, "kvs", { value }, { key })) === 0) await insert(client, "kvs", { key, value });
}

async function selectRun(client: SqlClient, runId: string): Promise<RunRecord | undefined> {
  const rows = await client.query(`SELECT ${COLUMNS} FROM runs WHERE run_id = ?`, [runId]);
  return rows[0] === undefined ? undefined : toRecord(rows[0]);
}

async function requireRun(client: SqlClient, runId: string): Promise<RunRecord> {
  const run = await selectRun(client, runId);
  if (run === undefined) throw new StorageError("run_not_found", `run ${runId} is not in the run storage`);
  return run;
}

/**
 * The tag row goes first: on PostgreSQL a reader that sees the failed status must also see its reason,
 * and the host's own writer keeps that order.
 */
async function setStatus(client: SqlClient, runId: string, change: RunStatusChange): Promise<void> {
  const run = await selectRun(client, runId);
  if (run === undefined) return;
  const reason = change.failureReason;
  if (reason !== undefined) await putTag(client, runId, FAILURE_REASON_TAG, reason);
  const tags = reason === undefined ? {} : { tags: { [FAILURE_REASON_TAG]: reason } };
  await update(
    client,
    "runs",
    {
      run_body: rewriteRunBody(run.body, { status: change.status, ...tags }),
      status: change.status,
      update_timestamp: timestampText(change.at),
      ...(change.status === "STARTED" ? { start_time: microsecondPrecision(change.at) } : {}),
      ...(isFinished(change.status) ? { end_time: microsecondPrecision(change.at) } : {}),
    },
    { run_id: runId },
  );
}

/** The host takes this column from a datetime, which has no more digits. */
const microsecondPrecision = (at: number): number => Math.round(at * 1e6) / 1e6;

async function putTag(client: SqlClient, runId: string, key: string, value: string): Promise<void> {
  const changed = await update(client, "run_tags", { value }, { run_id: runId, key });
  if (changed === 0) await insert(client, "run_tags", { run_id: runId, key, value });
}

function filterClause(filter: RunFilter): { where: string; params: SqlValue[] } {
  const tests: string[] = [];
  const params: SqlValue[] = [];
  if (filter.statuses !== undefined) {
    tests.push(
      filter.statuses.length === 0 ? "1 = 0" : `status IN (${placeholders(filter.statuses.length)})`,
    );
    params.push(...filter.statuses);
  }
  if (filter.jobName !== undefined) {
    tests.push("pipeline_name = ?");
    params.push(filter.jobName);
  }
  for (const [key, value] of Object.entries(filter.tags ?? {})) {
    tests.push("run_id IN (SELECT run_id FROM run_tags WHERE key = ? AND value = ?)");
    params.push(key, value);
  }
  return { where: tests.length === 0 ? "" : ` WHERE ${tests.join(" AND ")}`, params };
}

function toRecord(row: SqlRow): RunRecord {
  const body = asText(row.run_body);
  return {
    storageId: asNumber(row.id),
    runId: asText(row.run_id),
    jobName: asText(row.pipeline_name),
    status: toStatus(asText(row.status)),
    snapshotId: asOptionalText(row.snapshot_id),
    tags: runTags(body),
    startTime: asOptionalNumber(row.start_time),
    endTime: asOptionalNumber(row.end_time),
    body,
  };
}

function toStatus(text: string): RunStatus {
  const known = RUN_STATUSES.find((status) => status === text);
  if (known === undefined) throw new StorageError("bad_config", `run status \`${text}\` is unknown`);
  return known;
}

import type { ColumnInfo, Session } from "../../adapters/adapter.ts";
import { checkTarget, sqlSchemaName, tableRef } from "../../adapters/table-ref.ts";
import type { SnapshotPipeline } from "../../config/index.ts";
import { RockyError } from "../../errors.ts";
import { findAdapter, type RunEnvironment } from "../environment.ts";
import { runEvents } from "../events.ts";
import { failureKindOf, failureText, isInterruption } from "../failure.ts";
import { isWidening } from "../replication/drift.ts";
import { createReport, type RunReport } from "../report.ts";
import type { RunRequest } from "../request.ts";
import { type RunResult, withinRun } from "../within-run.ts";
import { duplicateKeysQuery, type HistoryChanges, type SnapshotStep, snapshotSteps } from "./snapshot-sql.ts";

export interface FinishedStep extends SnapshotStep {
  readonly durationMs: number;
  readonly rows: number;
}

const sourceRef = ({ source }: SnapshotPipeline) => tableRef(source.catalog, source.schema, source.table);
const targetRef = ({ target }: SnapshotPipeline) =>
  checkTarget(tableRef(target.catalog, target.schema, target.table));

/** `2025-01-02 03:04:05.678`, as it goes into SQL. */
const sqlMoment = (at: Date): string => at.toISOString().replace("T", " ").replace("Z", "");

const checkColumns = (
  pipeline: SnapshotPipeline,
  source: readonly ColumnInfo[] | undefined,
): readonly ColumnInfo[] => {
  const { catalog, schema, table } = pipeline.source;
  if (source === undefined) {
    throw new RockyError(
      "config_invalid",
      `the snapshot's source '${catalog}.${schema}.${table}' does not exist`,
      {
        where: { key: `pipeline.${pipeline.name}.source` },
      },
    );
  }
  const known = new Set(source.map(({ name }) => name.toLowerCase()));
  for (const column of ["valid_from", "valid_to"]) {
    if (!known.has(column)) continue;
    throw new RockyError(
      "config_invalid",
      `the snapshot's source '${schema}.${table}' has a column '${column}', which the history adds itself`,
      {
        where: { key: `pipeline.${pipeline.name}.source` },
        hint: `snapshot a view that calls it something else`,
      },
    );
  }
  for (const column of [...pipeline.uniqueKey, pipeline.updatedAt]) {
    if (known.has(column.toLowerCase())) continue;
    throw new RockyError(
      "config_invalid",
      `the snapshot's source '${schema}.${table}' has no column '${column}'`,
      {
        where: { key: `pipeline.${pipeline.name}` },
      },
    );
  }
  return source;
};

const historyChanges = (
  source: readonly ColumnInfo[],
  history: readonly ColumnInfo[] | undefined,
): HistoryChanges => {
  if (history === undefined) return { added: [], widened: [] };
  const types = new Map(history.map(({ name, type }) => [name.toLowerCase(), type]));
  const fits = (before: string | undefined, now: string): boolean =>
    before !== undefined && before !== now && (now === "VARCHAR" || isWidening(before, now));
  return {
    added: source.filter(({ name }) => !types.has(name.toLowerCase())),
    widened: source.filter(({ name, type }) => fits(types.get(name.toLowerCase()), type)),
  };
};

/** The statements of this snapshot now, given what source and history look like. */
export const planSnapshot = async (
  session: Session,
  pipeline: SnapshotPipeline,
  at: Date,
): Promise<readonly SnapshotStep[]> => {
  const source = checkColumns(pipeline, await session.describe(sourceRef(pipeline)));
  const history = await session.describe(targetRef(pipeline));
  return snapshotSteps(pipeline, session.dialect, sqlMoment(at), historyChanges(source, history));
};

/** Runs a snapshot in one transaction: the history is either as before, or complete. */
export const takeSnapshot = async (
  session: Session,
  pipeline: SnapshotPipeline,
  at: Date,
): Promise<readonly FinishedStep[]> => {
  const { governance, catalog, schema } = pipeline.target;
  const steps = await planSnapshot(session, pipeline, at);
  const [duplicate] = await session.query(duplicateKeysQuery(pipeline, session.dialect));
  if (duplicate !== undefined) {
    const shown = duplicate.slice(0, -1).map(String).join(", ");
    throw new RockyError(
      "query_failed",
      `unique_key of snapshot '${pipeline.name}' is not unique: (${shown}) occurs ${String(duplicate.at(-1))} times`,
      {
        where: { key: `pipeline.${pipeline.name}.unique_key` },
      },
    );
  }
  return session.transaction(async () => {
    if (governance.autoCreateSchemas) {
      await session.execute(`CREATE SCHEMA IF NOT EXISTS ${sqlSchemaName(catalog, schema, session.dialect)}`);
    }
    const finished: FinishedStep[] = [];
    for (const step of steps) {
      const started = performance.now();
      const rows = await session.execute(step.sql);
      finished.push({ ...step, rows, durationMs: Math.round(performance.now() - started) });
    }
    return finished;
  });
};

const fileSnapshot = (
  report: RunReport,
  assetKey: readonly string[],
  startedAt: Date,
  rows: number,
): void => {
  const durationMs = Date.now() - startedAt.getTime();
  report.tablesCopied += 1;
  report.materializations.push({
    asset_key: assetKey,
    rows_copied: null,
    duration_ms: durationMs,
    started_at: startedAt.toISOString(),
    metadata: { strategy: "snapshot_scd2", target_table_full_name: assetKey.join(".") },
    cost_usd: 0,
  });
  report.executions.push({
    modelName: assetKey.at(-1) ?? "",
    assetKey,
    startedAt: startedAt.toISOString(),
    finishedAt: new Date().toISOString(),
    durationMs,
    status: "success",
    sqlHash: "",
    rowsAffected: rows,
  });
};

export const runSnapshot = (
  env: RunEnvironment,
  { idempotencyKey }: RunRequest,
  pipeline: SnapshotPipeline,
): Promise<RunResult> => {
  const adapter = findAdapter(env.config, pipeline.target.adapter);
  const report = createReport({ pipelineType: "snapshot", adapterType: adapter.type, withCost: false });
  const key = idempotencyKey === undefined ? {} : { idempotencyKey };
  return withinRun({ env, report, pipeline: pipeline.name, ...key }, async () => {
    const { catalog, schema, table } = pipeline.target;
    const assetKey = [catalog, schema, table];
    const events = runEvents(env.emit);
    const session = await env.session(adapter.name, "write");
    const startedAt = new Date();
    events.started("table", assetKey);
    try {
      const steps = await takeSnapshot(session, pipeline, startedAt);
      const rows = steps.find(({ step }) => step === "insert_versions")?.rows ?? 0;
      fileSnapshot(report, assetKey, startedAt, rows);
      events.finished("table", assetKey, rows, Date.now() - startedAt.getTime());
    } catch (error) {
      if (isInterruption(error)) throw error;
      report.tablesFailed += 1;
      const text = failureText(error);
      report.errors.push({ asset_key: assetKey, error: text, failure_kind: failureKindOf(error) });
      events.failed("table", assetKey, text);
    }
    return undefined;
  });
};

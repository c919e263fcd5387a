import type { Connection, Session } from "../../adapters/adapter.ts";
import { displayName, sqlSchemaName } from "../../adapters/table-ref.ts";
import type { ReplicationPipeline } from "../../config/index.ts";
import type { StateDatabase } from "../../state/database.ts";
import { putProgress, settleTable, succeededTables, unfinishedTables } from "../../state/progress.ts";
import { putWatermark, watermarkMap } from "../../state/watermarks.ts";
import { checkTable, type Measured } from "../checks/table-checks.ts";
import type { RunEnvironment } from "../environment.ts";
import { runEvents } from "../events.ts";
import { failureKindOf, failureText, isInterruption } from "../failure.ts";
import type { Attempt, Materialization } from "../output.ts";
import type { RunReport } from "../report.ts";
import type { Shadow } from "../shadow.ts";
import { fileMeasurements, type Finished } from "./aftermath.ts";
import { type CopyResult, copyTable } from "./copy-table.ts";
import { discoverSources } from "./discover.ts";
import type { SourceFilter } from "./filter.ts";
import { forEachBounded } from "./pool.ts";
import { sourceCatalogOf } from "./source-catalog.ts";
import { type CopyTask, planCopies } from "./tasks.ts";

export interface Replication {
  readonly env: RunEnvironment;
  readonly pipeline: ReplicationPipeline;
  readonly session: Session;
  readonly state: StateDatabase;
  readonly report: RunReport;
  readonly runId: string;
  readonly filter: SourceFilter | undefined;
  readonly shadow: Shadow | undefined;
  /** Tables that this run finished well are not copied again. */
  readonly resume: string | undefined;
}

interface Failure {
  readonly index: number;
  readonly task: CopyTask;
  readonly error: unknown;
  readonly attempts: readonly Attempt[];
}

interface Progress {
  readonly run: Replication;
  readonly watermarks: ReadonlyMap<string, string>;
  readonly unfinished: ReadonlySet<string>;
  readonly finished: Map<number, Finished>;
  readonly failures: Failure[];
}

const ADAPTIVE_CONCURRENCY = 32;
/** The error rate says nothing before this many tables have finished. */
const ERROR_RATE_MINIMUM = 4;

const createSchemas = async (
  run: Replication,
  schemas: readonly { readonly catalog: string; readonly schema: string }[],
): Promise<void> => {
  if (!run.pipeline.target.governance.autoCreateSchemas) return;
  for (const { catalog, schema } of schemas) {
    await run.session.execute(
      `CREATE SCHEMA IF NOT EXISTS ${sqlSchemaName(catalog, schema, run.session.dialect)}`,
    );
    run.report.schemasCreated += 1;
  }
};

const measure = (
  run: Replication,
  connection: Connection,
  task: CopyTask,
  copied: CopyResult,
): Promise<Measured> =>
  checkTable(
    {
      connection,
      dialect: run.session.dialect,
      checks: run.pipeline.checks,
      now: new Date(),
      onProblem: (check, reason) =>
        runEvents(run.env.emit).warn(`check ${check} could not be asked: ${reason}`, {
          event: "check_problem",
          check,
        }),
    },
    {
      source: task.source,
      sourceColumns: copied.sourceColumns,
      target: task.target,
      metadataColumns: task.metadata.map((column) => column.name),
      timestampColumn: task.policy.timestampColumn,
    },
  );

const materialization = (
  task: CopyTask,
  copied: CopyResult,
  startedAt: Date,
  durationMs: number,
): Materialization => ({
  asset_key: task.assetKey,
  rows_copied: null,
  duration_ms: durationMs,
  started_at: startedAt.toISOString(),
  metadata: {
    strategy: copied.strategy,
    watermark: copied.watermark,
    target_table_full_name: displayName(task.target),
  },
  cost_usd: 0,
  ...(task.tenant === undefined ? {} : { tenant: task.tenant }),
});

/** Copies one table and commits its watermark. Throws what the warehouse throws. */
const copyOne = async (
  progress: Progress,
  connection: Connection,
  task: CopyTask,
  index: number,
  again: boolean,
): Promise<void> => {
  const { run } = progress;
  const events = runEvents(run.env.emit);
  const name = displayName(task.target);
  const startedAt = new Date();
  const started = performance.now();
  events.started("table", task.assetKey);
  await run.env.context.settleHooks?.();
  const copied = await copyTable(
    {
      connection,
      dialect: run.session.dialect,
      watermark: run.shadow === undefined ? progress.watermarks.get(name) : undefined,
      // The first attempt may have committed its rows and failed afterwards.
      unfinished: again || progress.unfinished.has(name),
      beforeWrite: () =>
        run.state.write((transaction) => putProgress(transaction, run.runId, name, "running")),
    },
    task,
  );
  const durationMs = Math.round(performance.now() - started);
  if (copied === undefined) {
    run.report.excluded.push({
      asset_key: task.assetKey,
      source_schema: task.source.schema,
      table_name: task.source.table,
      reason: "missing_from_source",
    });
    return;
  }
  // The data is committed; from here on the watermark must follow, whatever happens to the checks.
  await run.state.write((transaction) => {
    settleTable(transaction, name);
    putProgress(transaction, run.runId, name, "success");
    if (run.shadow === undefined) putWatermark(transaction, name, copied.watermark);
  });
  events.finished("table", task.assetKey, copied.rows, durationMs, { strategy: copied.strategy });
  const measured = await measure(run, connection, task, copied);
  for (const { name: check, passed, severity } of measured.results) {
    events.check(task.assetKey, check, passed, severity);
  }
  progress.finished.set(index, {
    task,
    copied,
    measured,
    materialization: materialization(task, copied, startedAt, durationMs),
    startedAt,
    durationMs,
  });
};

const attemptOf = (attempt: number, started: number, error?: unknown): Attempt => ({
  attempt,
  outcome: error === undefined ? "success" : "failed",
  duration_ms: Math.round(performance.now() - started),
  ...(error === undefined ? {} : { error: failureText(error) }),
});

/** True while the rest of the tables should still be tried. */
const goesOn = ({ run, finished, failures }: Progress): boolean => {
  const { failFast, errorRateAbortPct } = run.pipeline.execution;
  if (failures.length === 0) return true;
  if (failFast) return false;
  const done = finished.size + failures.length;
  return (
    errorRateAbortPct === 0 ||
    done < ERROR_RATE_MINIMUM ||
    (100 * failures.length) / done <= errorRateAbortPct
  );
};

const copyAll = async (progress: Progress, tasks: readonly CopyTask[], limit: number): Promise<void> => {
  const { run } = progress;
  await forEachBounded(run.session, tasks, limit, async (connection, task, index) => {
    if (run.env.signal.aborted) {
      run.report.interrupted = true;
      return false;
    }
    const started = performance.now();
    try {
      await copyOne(progress, connection, task, index, false);
      return true;
    } catch (error) {
      if (isInterruption(error)) {
        run.report.interrupted = true;
        return false;
      }
      progress.failures.push({ index, task, error, attempts: [attemptOf(1, started, error)] });
      return goesOn(progress);
    }
  });
};

/** Tries failed tables again, one after the other: what failed side by side may work alone. */
const retry = async (progress: Progress): Promise<readonly Failure[]> => {
  const { run } = progress;
  const { tableRetries } = run.pipeline.execution;
  const left: Failure[] = [];
  for (const failure of progress.failures) {
    let last = failure;
    for (let attempt = 2; attempt <= tableRetries + 1; attempt += 1) {
      if (run.report.interrupted || run.env.signal.aborted) break;
      const started = performance.now();
      run.report.retriesAttempted += 1;
      try {
        await copyOne(progress, run.session, failure.task, failure.index, true);
        run.report.retriesSucceeded += 1;
        break;
      } catch (error) {
        if (isInterruption(error)) run.report.interrupted = true;
        else last = { ...last, error, attempts: [...last.attempts, attemptOf(attempt, started, error)] };
      }
    }
    if (!progress.finished.has(failure.index)) left.push(last);
  }
  return left;
};

const fileFailures = async (run: Replication, failures: readonly Failure[]): Promise<void> => {
  const now = new Date().toISOString();
  for (const { task, error } of failures) {
    run.report.tablesFailed += 1;
    run.report.tablesProcessFailed += 1;
    const text = failureText(error);
    run.report.errors.push({ asset_key: task.assetKey, error: text, failure_kind: failureKindOf(error) });
    runEvents(run.env.emit).failed("table", task.assetKey, text);
    run.report.executions.push({
      modelName: task.target.table,
      assetKey: task.assetKey,
      startedAt: now,
      finishedAt: now,
      durationMs: 0,
      status: "failed",
      sqlHash: "",
    });
  }
  if (failures.length === 0) return;
  await run.state.write((transaction) => {
    for (const { task } of failures) putProgress(transaction, run.runId, displayName(task.target), "failed");
  });
};

const fileFinished = (run: Replication, finished: readonly Finished[]): void => {
  for (const { task, copied, measured, materialization: done, startedAt, durationMs } of finished) {
    const { report } = run;
    report.materializations.push(done);
    report.tablesCopied += 1;
    report.driftChecked += 1;
    if (copied.driftActions.length > 0) report.driftedTables += 1;
    report.driftActions.push(...copied.driftActions);
    if (measured.results.length > 0)
      report.checks.push({ asset_key: task.assetKey, checks: measured.results });
    report.executions.push({
      modelName: task.target.table,
      assetKey: task.assetKey,
      startedAt: startedAt.toISOString(),
      finishedAt: new Date(startedAt.getTime() + durationMs).toISOString(),
      durationMs,
      status: "success",
      sqlHash: "",
      rowsAffected: copied.rows,
      ...(task.tenant === undefined ? {} : { tenant: task.tenant }),
    });
  }
};

const withoutResumed = async (run: Replication, tasks: readonly CopyTask[]): Promise<readonly CopyTask[]> => {
  if (run.resume === undefined) return tasks;
  const done = await succeededTables(run.state, run.resume);
  const left = tasks.filter((task) => !done.has(displayName(task.target)));
  run.report.tablesSkipped = tasks.length - left.length;
  return left;
};

/** Runs a replication pipeline's copies and checks; everything that happened is in the report. */
export const replicate = async (run: Replication): Promise<void> => {
  const { report, pipeline } = run;
  const catalog = await sourceCatalogOf(run.env, pipeline, run.session);
  const { sources, excluded } = await discoverSources(run.env, pipeline, run.session, catalog);
  runEvents(run.env.emit).note("sources_discovered", { sources: sources.length });
  const plan = planCopies(pipeline, sources, run.filter, run.shadow, catalog);
  report.excluded.push(...excluded, ...plan.excluded);
  report.overrideWarnings.push(...plan.overrides.warnings());
  const { concurrency } = pipeline.execution;
  report.adaptive = concurrency === "adaptive";
  report.concurrency = concurrency === "adaptive" ? ADAPTIVE_CONCURRENCY : concurrency;
  const tasks = await withoutResumed(run, plan.tasks);
  report.tablesProcessed = tasks.length;
  await createSchemas(run, plan.schemas);
  const progress: Progress = {
    run,
    watermarks: await watermarkMap(run.state),
    unfinished: await unfinishedTables(run.state),
    finished: new Map(),
    failures: [],
  };
  await copyAll(progress, tasks, report.concurrency);
  const failures = await retry(progress);
  // Tasks finish in any order; results keep the order of the plan, so that two equal runs look equal.
  const finished = [...progress.finished.entries()]
    .sort(([left], [right]) => left - right)
    .map(([, one]) => one);
  fileFinished(run, finished);
  await fileFailures(run, failures);
  if (!report.interrupted) await fileMeasurements(run, finished);
};

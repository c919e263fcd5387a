import type { Connection } from "../../adapters/adapter.ts";
import { displayName } from "../../adapters/table-ref.ts";
import { putProgress, settleTable } from "../../state/progress.ts";
import { putWatermark } from "../../state/watermarks.ts";
import { checkTable, type Measured } from "../checks/table-checks.ts";
import { keyText, runEvents } from "../events.ts";
import { failureText, isInterruption } from "../failure.ts";
import { type CopyResult, copyTable } from "./copy-table.ts";
import type { Finished, Progress, Replication } from "./replication.ts";
import type { CopyTask } from "./tasks.ts";

const UNMEASURED: Measured = Object.freeze({ results: [], nullRates: {} });

/** Checks that cannot be asked do not make the copy fail: its data is there. */
const measure = async (
  run: Replication,
  connection: Connection,
  task: CopyTask,
  copied: CopyResult,
): Promise<Measured> => {
  const onProblem = (check: string, reason: string): void =>
    runEvents(run.env.emit).warn(`check ${check} could not be asked: ${reason}`, {
      event: "check_problem",
      asset_key: keyText(task.assetKey),
      check,
    });
  try {
    return await checkTable(
      {
        connection,
        dialect: run.session.dialect,
        checks: run.pipeline.checks,
        now: new Date(),
        onProblem,
      },
      {
        source: task.source,
        sourceColumns: copied.sourceColumns,
        target: task.target,
        metadataColumns: task.metadata.map((column) => column.name),
        timestampColumn: task.policy.timestampColumn,
      },
    );
  } catch (error) {
    if (isInterruption(error)) throw error;
    onProblem(`of ${displayName(task.target)}`, failureText(error));
    return UNMEASURED;
  }
};

/**
 * Copies one table, commits its watermark and asks its checks. Throws what the warehouse throws; what is committed
 * by then counts as finished all the same.
 */
export const copyOne = async (
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
  const finished: Finished = { task, copied, measured: UNMEASURED, startedAt, durationMs };
  progress.finished.set(index, finished);
  await events.checksStart(run.pipeline.checks.declared, task.assetKey, run.env.context);
  const measured = await measure(run, connection, task, copied);
  progress.finished.set(index, { ...finished, measured });
  for (const { name: check, passed, severity } of measured.results) {
    events.check(task.assetKey, check, passed, severity);
  }
};

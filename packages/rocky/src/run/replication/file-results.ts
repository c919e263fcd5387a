import { displayName } from "../../adapters/table-ref.ts";
import { putProgress } from "../../state/progress.ts";
import { runEvents } from "../events.ts";
import { failureKindOf, failureText } from "../failure.ts";
import type { Materialization } from "../output.ts";
import type { CopyResult } from "./copy-table.ts";
import type { Failure, Finished, Replication } from "./replication.ts";
import type { CopyTask } from "./tasks.ts";

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

/** Puts failed tables into the report, each under its own key. */
export const fileFailures = async (run: Replication, failures: readonly Failure[]): Promise<void> => {
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

/** Puts copied tables into the report. */
export const fileFinished = (run: Replication, finished: readonly Finished[]): void => {
  for (const { task, copied, measured, startedAt, durationMs } of finished) {
    const { report } = run;
    report.materializations.push(materialization(task, copied, startedAt, durationMs));
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

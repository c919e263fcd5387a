import { pause } from "../../adapters/pause.ts";
import { displayName, sqlSchemaName } from "../../adapters/table-ref.ts";
import { putProgress, succeededTables, unfinishedTables } from "../../state/progress.ts";
import { watermarkMap } from "../../state/watermarks.ts";
import { keyText, runEvents } from "../events.ts";
import { failureKindOf, failureText, isInterruption } from "../failure.ts";
import type { Attempt } from "../output.ts";
import { fileMeasurements } from "./aftermath.ts";
import { copyOne } from "./copy-one.ts";
import { discoverSources } from "./discover.ts";
import { fileFailures, fileFinished } from "./file-results.ts";
import { forEachBounded } from "./pool.ts";
import type { Failure, Progress, Replication } from "./replication.ts";
import { sourceCatalogOf } from "./source-catalog.ts";
import { backoffMs } from "../transient.ts";
import { type CopyTask, planCopies } from "./tasks.ts";

const ADAPTIVE_CONCURRENCY = 32;
/** The error rate says nothing before this many tables have finished. */
const ERROR_RATE_MINIMUM = 4;

const createSchemas = async (
  run: Replication,
  schemas: readonly { readonly catalog: string; readonly schema: string }[],
): Promise<void> => {
  if (!run.pipeline.target.governance.autoCreateSchemas) return;
  for (const { catalog, schema } of schemas) {
    const name = sqlSchemaName(catalog, schema, run.session.dialect);
    try {
      await run.session.execute(`CREATE SCHEMA IF NOT EXISTS ${name}`);
      run.report.schemasCreated += 1;
    } catch (error) {
      if (isInterruption(error)) throw error;
      // The tables of this schema fail, each under its own key; those of the others need not.
      runEvents(run.env.emit).warn(`schema ${name} could not be created: ${failureText(error)}`, {
        event: "schema_failed",
        schema: name,
      });
    }
  }
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
      const asset = keyText(task.assetKey);
      runEvents(run.env.emit).warn(`table ${asset} failed for now: ${failureText(error)}`, {
        event: "table_attempt_failed",
        asset_key: asset,
      });
      return goesOn(progress);
    }
  });
};

/** What is busy needs time; an interruption ends the wait, and the loop sees it. */
const rest = (run: Replication, retry: number): Promise<void> =>
  pause(backoffMs(run.env.config.resilience, retry), run.env.signal).catch(() => undefined);

/** Tries failed tables again, one after the other: what failed side by side may work alone. */
const retry = async (progress: Progress): Promise<readonly Failure[]> => {
  const { run } = progress;
  const { tableRetries } = run.pipeline.execution;
  const left: Failure[] = [];
  for (const failure of progress.failures) {
    let last = failure;
    for (let attempt = 2; attempt <= tableRetries + 1; attempt += 1) {
      if (run.report.interrupted || run.env.signal.aborted) break;
      if (failureKindOf(last.error) === "transient") await rest(run, attempt - 1);
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

const withoutResumed = async (run: Replication, tasks: readonly CopyTask[]): Promise<readonly CopyTask[]> => {
  if (run.resume === undefined) return tasks;
  const done = await succeededTables(run.state, run.resume);
  const isDone = ({ target }: CopyTask): boolean => done.has(displayName(target));
  const skipped = tasks.filter(isDone);
  // Who goes on with this run leaves them out as well.
  await run.state.write((transaction) => {
    for (const { target } of skipped) putProgress(transaction, run.runId, displayName(target), "success");
  });
  run.report.tablesSkipped = skipped.length;
  return tasks.filter((task) => !isDone(task));
};

/** Says how many tables nobody tried, because too many before them had failed. */
const reportUntried = ({ run, finished, failures }: Progress, planned: number): void => {
  const untried = planned - finished.size - failures.length;
  if (untried <= 0 || failures.length === 0 || run.report.interrupted) return;
  runEvents(run.env.emit).warn(`${untried} tables were not tried, because too many others failed`, {
    event: "run_aborted",
    untried,
  });
};

/** Runs a replication pipeline's copies and checks; everything that happened is in the report. */
export const replicate = async (run: Replication): Promise<void> => {
  const { report, pipeline } = run;
  const catalog = await sourceCatalogOf(run.env, pipeline, run.session);
  const { sources, excluded } = await discoverSources(run.env, pipeline, run.session, catalog);
  runEvents(run.env.emit).note("sources_discovered", { sources: sources.length });
  const plan = planCopies(pipeline, sources, run.filter, run.shadow, catalog);
  // One by one: a call takes no hundred thousand arguments.
  for (const table of [...excluded, ...plan.excluded]) report.excluded.push(table);
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
  reportUntried(progress, tasks.length);
  // Tasks finish in any order; results keep the order of the plan, so that two equal runs look equal.
  const finished = [...progress.finished.entries()]
    .sort(([left], [right]) => left - right)
    .map(([, one]) => one);
  fileFinished(run, finished);
  await fileFailures(run, failures);
  if (!report.interrupted) await fileMeasurements(run, finished);
};

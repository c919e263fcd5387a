import type { StateDatabase } from "../state/database.ts";
import { abandonRun, finishRun, type RunStatus, startRun } from "../state/runs.ts";
import { sweepIsDue, sweepRuns } from "../state/sweep.ts";
import { checkBudget } from "./budget.ts";
import type { RunEnvironment } from "./environment.ts";
import { runEvents } from "./events.ts";
import { failureText, isInterruption } from "./failure.ts";
import { claimRun, settleRun } from "./idempotent.ts";
import type { RunOutput } from "./output.ts";
import { exitCodeOf, type RunReport, statusOf, toOutput } from "./report.ts";

export interface RunScope {
  readonly env: RunEnvironment;
  readonly report: RunReport;
  /** Named in the history; a single model's run has none. */
  readonly pipeline?: string;
  readonly idempotencyKey?: string;
}

export interface RunResult {
  readonly output: RunOutput;
  readonly exitCode: number;
}

/** What the body of a run may add to its verdict. */
export interface RunVerdict {
  /** The history's status when it differs from the payload's. */
  readonly recorded?: RunStatus;
  /** True makes the exit code 1 although every table was fine, as failed quality checks do. */
  readonly rejected?: boolean;
}

/** What the body of a run works with. */
export interface OpenRun {
  readonly runId: string;
  readonly state: StateDatabase;
}

const DAY_MS = 86_400_000;

/** Now and then a run makes room, as `[state.retention]` says; `state retention sweep` does so at once. */
const sweepOldRuns = async (env: RunEnvironment, state: StateDatabase): Promise<void> => {
  const { maxAgeDays, minRunsKept, appliesTo, sweepIntervalSeconds, sweepBudgetMs } =
    env.config.state.retention;
  if (!appliesTo.includes("history") || !(await sweepIsDue(state, sweepIntervalSeconds))) return;
  const before = new Date(Date.now() - maxAgeDays * DAY_MS).toISOString();
  const { deleted } = await sweepRuns(state, {
    before,
    keep: minRunsKept,
    dryRun: false,
    budgetMs: sweepBudgetMs,
  });
  if (deleted > 0) runEvents(env.emit).note("state_swept", { runs: deleted });
};

const record = async (
  state: StateDatabase,
  scope: RunScope,
  runId: string,
  status: RunStatus,
  finishedAt: Date,
): Promise<void> => {
  const { report, env, idempotencyKey } = scope;
  try {
    await finishRun(state, {
      runId,
      finishedAt,
      durationMs: finishedAt.getTime() - report.startedAt.getTime(),
      status,
      models: report.executions,
      interrupted: report.interrupted,
    });
    if (idempotencyKey !== undefined)
      await settleRun(env, state, idempotencyKey, runId, status === "Success");
    runEvents(env.emit).note("state_synced", { run_id: runId });
    await sweepOldRuns(env, state);
  } catch (error) {
    runEvents(env.emit).warn(`the run could not be recorded: ${failureText(error)}`, {
      event: "state_failed",
    });
  }
};

/**
 * Runs `body` between the bookkeeping that every kind of run shares: idempotency, the run's id, its record, its
 * first and last event. Whatever `body` throws is bookkept too, and thrown again unless it was an interruption.
 */
export const withinRun = async (
  scope: RunScope,
  body: (run: OpenRun) => Promise<RunVerdict | undefined>,
): Promise<RunResult> => {
  const { env, report, idempotencyKey, pipeline } = scope;
  const state = await env.state("write");
  const runId = await startRun(state, {
    startedAt: report.startedAt,
    trigger: "Manual",
    configHash: env.config.fingerprint,
    adapterType: report.adapterType,
    ...(pipeline === undefined ? {} : { pipeline }),
    ...(idempotencyKey === undefined ? {} : { idempotencyKey }),
  });
  if (idempotencyKey !== undefined) {
    const skipped = await claimRun(env, state, idempotencyKey, runId, report);
    if (skipped !== undefined) {
      await abandonRun(state, runId);
      return { output: skipped, exitCode: 0 };
    }
    report.idempotencyKey = idempotencyKey;
  }
  const events = runEvents(env.emit);
  events.runStarted(runId, pipeline ?? "a single model");
  let verdict: RunVerdict | undefined;
  let thrown: { readonly error: unknown } | undefined;
  try {
    // A hook on the start may forbid the run.
    await env.context.settleHooks?.();
    verdict = await body({ runId, state });
    checkBudget(report, env.config.budget);
  } catch (error) {
    if (isInterruption(error)) report.interrupted = true;
    else thrown = { error };
  }
  const finishedAt = new Date();
  const status = verdict?.recorded ?? (thrown === undefined ? statusOf(report) : "Failure");
  await record(state, scope, runId, status, finishedAt);
  events.runFinished(runId, status, finishedAt.getTime() - report.startedAt.getTime());
  if (thrown !== undefined) throw thrown.error;
  const exitCode = exitCodeOf(report);
  const overBudget = report.budgetBreaches.length > 0 && env.config.budget.onBreach === "error";
  return {
    output: toOutput(report, finishedAt),
    exitCode: exitCode === 0 && (verdict?.rejected === true || overBudget) ? 1 : exitCode,
  };
};

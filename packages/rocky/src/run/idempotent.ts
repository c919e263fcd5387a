import { claimKey, settleKey } from "../state/idempotency.ts";
import { ownerMayLive, ownOwner } from "../state/owner.ts";
import { formatRunId } from "../state/runs.ts";
import type { StateDatabase } from "../state/database.ts";
import type { RunEnvironment } from "./environment.ts";
import type { Executed } from "./execute.ts";
import type { RunOutput } from "./output.ts";
import { createReport, type RunReport, toOutput } from "./report.ts";
import type { RunRequest } from "./request.ts";

/** Takes the key for a run; answers what to print instead when another run has it or has had it. */
export const claimRun = async (
  env: RunEnvironment,
  state: StateDatabase,
  key: string,
  runId: string,
  report: RunReport,
): Promise<RunOutput | undefined> => {
  const { inFlightTtlHours, retentionDays } = env.config.state.idempotency;
  const claim = await claimKey(state, {
    key,
    runId,
    now: new Date(),
    inFlightTtlHours,
    retentionDays,
    owner: ownOwner(),
    isAlive: ownerMayLive,
  });
  if (claim.kind === "claimed") return undefined;
  return {
    ...toOutput(report, new Date()),
    status: claim.kind === "done" ? "SkippedIdempotent" : "SkippedInFlight",
    idempotency_key: key,
    skipped_by_run_id: claim.runId,
  };
};

/** The key stays taken when the run counts as done, and is free again otherwise. */
export const settleRun = (
  env: RunEnvironment,
  state: StateDatabase,
  key: string,
  runId: string,
  succeeded: boolean,
): Promise<void> => settleKey(state, key, runId, succeeded || env.config.state.idempotency.dedupOn === "any");

/** For work without a run record of its own: a load, or the whole graph, whose nodes are runs. */
export const onceByKey = async (
  env: RunEnvironment,
  { idempotencyKey, ...request }: RunRequest,
  pipelineType: string,
  work: (request: RunRequest) => Promise<Executed>,
): Promise<Executed> => {
  if (idempotencyKey === undefined) return work(request);
  const state = await env.state("write");
  const runId = formatRunId(new Date());
  const report = createReport({ pipelineType, adapterType: env.config.adapters[0]?.type ?? "" });
  const skipped = await claimRun(env, state, idempotencyKey, runId, report);
  if (skipped !== undefined) return { payload: skipped, exitCode: 0 };
  let succeeded = false;
  try {
    const executed = await work(request);
    succeeded = executed.exitCode === 0;
    return executed;
  } finally {
    await settleRun(env, state, idempotencyKey, runId, succeeded);
  }
};

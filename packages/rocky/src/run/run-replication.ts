import type { ReplicationPipeline } from "../config/index.ts";
import { latestProgressRun } from "../state/progress.ts";
import type { StateDatabase } from "../state/database.ts";
import { findAdapter, type RunEnvironment } from "./environment.ts";
import { parseFilter } from "./replication/filter.ts";
import { targetSession } from "./replication/source-catalog.ts";
import { replicate } from "./replication/replicate.ts";
import { createReport } from "./report.ts";
import type { RunRequest } from "./request.ts";
import { runModelPhase } from "./run-models.ts";
import { type RunResult, withinRun } from "./within-run.ts";

const resumedRun = async (
  env: RunEnvironment,
  state: StateDatabase,
  request: RunRequest,
  pipeline: string,
): Promise<string | undefined> => {
  const { resume } = request;
  if (resume === undefined) return undefined;
  const wanted = resume.kind === "run" ? resume.runId : undefined;
  const known =
    wanted === undefined
      ? await latestProgressRun(state, pipeline)
      : (await state.all("SELECT run_id FROM run_progress WHERE run_id = ? LIMIT 1", wanted)).length > 0
        ? wanted
        : undefined;
  if (known === undefined) {
    env.emit({
      level: "warn",
      message: `there is no run ${wanted ?? "of this pipeline"} to resume; all tables are copied`,
    });
  }
  return known;
};

/** A replication pipeline, and its models afterwards when asked for. */
export const runReplication = async (
  env: RunEnvironment,
  request: RunRequest,
  pipeline: ReplicationPipeline,
): Promise<RunResult> => {
  const filter = parseFilter(request.filter);
  const adapter = findAdapter(env.config, pipeline.target.adapter);
  const report = createReport({ pipelineType: "replication", adapterType: adapter.type, withMetrics: true });
  report.shadow = request.shadow !== undefined;
  const scope = {
    env,
    report,
    pipeline: pipeline.name,
    ...(request.idempotencyKey === undefined ? {} : { idempotencyKey: request.idempotencyKey }),
  };
  return withinRun(scope, async ({ runId, state }) => {
    report.filter = request.filter ?? "";
    const session = await targetSession(env, pipeline, "write");
    const resume = await resumedRun(env, state, request, pipeline.name);
    report.resumedFrom = resume;
    await replicate({ env, pipeline, session, state, report, runId, filter, shadow: request.shadow, resume });
    const withModels = request.all || request.modelsDirectory !== undefined;
    if (withModels && !report.interrupted) {
      await runModelPhase(env, request, report, runId, pipeline, ["<pipeline>"]);
    }
    return undefined;
  });
};

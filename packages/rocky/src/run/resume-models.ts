import type { StateDatabase } from "../state/database.ts";
import { listRuns } from "../state/runs.ts";
import type { RunEnvironment } from "./environment.ts";
import type { ResumeRequest } from "./request.ts";

export interface Resumed {
  readonly runId: string;
  /** Models that the run built, and that need not be built again. */
  readonly models: ReadonlySet<string>;
}

/**
 * What the run that is gone on with has finished; undefined when there is nothing to go on with: no such run, or one
 * that came to its end.
 */
export const finishedModels = async (
  env: RunEnvironment,
  state: StateDatabase,
  resume: ResumeRequest | undefined,
  pipeline: string,
): Promise<Resumed | undefined> => {
  if (resume === undefined) return undefined;
  const wanted = resume.kind === "run" ? { runId: resume.runId } : { pipeline, limit: 1 };
  const [run] = await listRuns(state, wanted);
  const nothing = (why: string): undefined => {
    env.emit({
      level: "warn",
      message: `${why}; all models are built`,
      fields: { event: "nothing_to_resume" },
    });
  };
  if (run === undefined || run.pipeline !== pipeline) {
    const which = resume.kind === "run" ? ` ${resume.runId}` : "";
    return nothing(`there is no run${which} of pipeline '${pipeline}' to resume`);
  }
  if (run.status === "Success") return nothing(`run ${run.runId} has finished`);
  const failed = new Set(
    run.models.flatMap(({ modelName, status }) => (status === "failed" ? [modelName] : [])),
  );
  const models = run.models.flatMap(({ modelName }) => (failed.has(modelName) ? [] : [modelName]));
  return { runId: run.runId, models: new Set(models) };
};

import type { StateDatabase } from "../state/database.ts";
import { succeededTables } from "../state/progress.ts";
import { listRuns } from "../state/runs.ts";
import type { RunEnvironment } from "./environment.ts";
import type { ResumeRequest } from "./request.ts";

export interface Resumed {
  readonly runId: string;
  /** What the run built and need not be built again; see `buildOf`. */
  readonly builds: ReadonlySet<string>;
}

/**
 * One build: what was written where. A run that wrote to a branch, or with other SQL, has not built what this one
 * would build.
 */
export const buildOf = (assetKey: readonly string[], sqlHash: string): string =>
  JSON.stringify([sqlHash, ...assetKey]);

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
  const built = run.models.filter(({ status }) => status === "success");
  const own = built.map(({ assetKey, sqlHash }) => buildOf(assetKey, sqlHash));
  // What that run in its turn left out, going on with another one, is noted as its progress.
  return { runId: run.runId, builds: new Set([...own, ...(await succeededTables(state, run.runId))]) };
};

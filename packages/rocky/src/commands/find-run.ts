import { RockyError } from "../errors.ts";
import type { StateDatabase } from "../state/database.ts";
import { listRuns, type RunRecord } from "../state/runs.ts";

/** The run named by its id, or the newest one for `latest`. */
export const findRun = async (state: StateDatabase, name: string): Promise<RunRecord> => {
  const [run] = await listRuns(state, name === "latest" ? { limit: 1 } : { runId: name });
  if (run !== undefined) return run;
  throw new RockyError(
    "unknown_name",
    name === "latest" ? "no run has been recorded yet" : `there is no run '${name}'`,
    {
      hint: "`rocky history` lists the runs",
    },
  );
};

import { readdir, readFile } from "node:fs/promises";

/** In the environment of a run worker, and so of everything that it starts. */
export const RUN_ID_VARIABLE = "DAGSTER_TS_RUN_ID";

const signal = (pid: number, name: NodeJS.Signals): void => {
  try {
    process.kill(pid, name);
  } catch {
    // Already gone.
  }
};

/** The worker leads its own process group; a negative id reaches every member. */
export const killGroup = (leader: number): void => signal(-leader, "SIGKILL");

export const terminate = (pid: number): void => signal(pid, "SIGTERM");

const belongsToRun = async (pid: string, mark: string): Promise<boolean> => {
  try {
    const environment = await readFile(`/proc/${pid}/environ`, "latin1");
    return environment.split("\0").includes(mark);
  } catch {
    return false;
  }
};

/** Linux shows the environment of our own processes; elsewhere only known groups can be found. */
const markedProcesses = async (runId: string): Promise<readonly number[]> => {
  if (process.platform !== "linux") return [];
  const mark = `${RUN_ID_VARIABLE}=${runId}`;
  const pids = (await readdir("/proc")).filter((name) => /^\d+$/.test(name));
  const found = await Promise.all(
    pids.map(async (pid) => ((await belongsToRun(pid, mark)) ? Number(pid) : undefined)),
  );
  return found.filter((pid): pid is number => pid !== undefined && pid !== process.pid);
};

/**
 * Ends everything that a run left behind: its own group, the groups that it told of, and, because an engine may
 * have started groups of its own, every process that inherited the run's mark.
 */
export const killRunProcesses = async (runId: string, groups: readonly number[]): Promise<void> => {
  for (const group of groups) killGroup(group);
  for (const pid of await markedProcesses(runId)) signal(pid, "SIGKILL");
};

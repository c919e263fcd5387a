import type { Definitions } from "../definitions/definitions.ts";
import { isFinished } from "../instance/storage.ts";
import { type Instance, openInstance } from "../instance/open-instance.ts";
import { executeRun } from "./run/execute-run.ts";
import type { RunDetails } from "./run/run-row.ts";

/** What one worker process is for. */
export interface WorkerTask {
  readonly runId: string;
  /** Serialised `InstanceRef`. */
  readonly instanceRef: string;
  /** Exit with 1 when the run fails; launchers ask for it. Default: 0 whatever the run's status. */
  readonly setExitCodeOnFailure?: boolean;
  /** Goes on with a run that another worker began. */
  readonly resume?: boolean;
}

export interface WorkerOptions {
  readonly task: WorkerTask;
  readonly loadDefinitions: (run: RunDetails, instance: Instance) => Promise<Definitions>;
  /** Called once the run was found and is being worked on. */
  readonly onReady?: () => void;
}

/** How long a canceled run may take to write its last events before the process ends regardless. */
const KILL_AFTER_MS = 12_000;

/**
 * Runs one run in this process and gives the exit code. SIGTERM and SIGINT cancel it: container launchers
 * send the first, and Ctrl-C reaches the whole process group.
 */
export async function runWorker(options: WorkerOptions): Promise<number> {
  const { task } = options;
  const abort = new AbortController();
  let killTimer: NodeJS.Timeout | undefined;
  const cancel = (): void => {
    abort.abort();
    killTimer ??= setTimeout(() => process.exit(1), KILL_AFTER_MS).unref();
  };
  process.on("SIGTERM", cancel);
  process.on("SIGINT", cancel);
  const instance = await openInstance(task.instanceRef);
  try {
    const result = await executeRun({
      instance,
      runId: task.runId,
      signal: abort.signal,
      loadDefinitions: options.loadDefinitions,
      ...(options.onReady === undefined ? {} : { onReady: options.onReady }),
      ...(task.resume === undefined ? {} : { resume: task.resume }),
    });
    const isGood = result.status === "SUCCESS" || (isFinished(result.status) && result.status !== "FAILURE");
    return isGood || task.setExitCodeOnFailure !== true ? 0 : 1;
  } finally {
    process.off("SIGTERM", cancel);
    process.off("SIGINT", cancel);
    clearTimeout(killTimer);
    await instance.close();
  }
}

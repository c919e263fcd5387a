import type { Definitions } from "../definitions/definitions.ts";
import { isFinished } from "../instance/storage.ts";
import { type Instance, openInstance } from "../instance/open-instance.ts";
import { InterruptedError, UncaughtError } from "./events/step-errors.ts";
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
/** How long to try to tell the run's log why it ended, when its database does not take events. */
const LAST_WORD_SECONDS = 600;

/**
 * Runs one run in this process and gives the exit code. SIGTERM and SIGINT cancel it: container launchers
 * send the first, and Ctrl-C reaches the whole process group. An error that nothing catches fails it.
 */
export async function runWorker(options: WorkerOptions): Promise<number> {
  const { task } = options;
  const ending = listenForTheEnd();
  try {
    const instance = await openInstance(task.instanceRef);
    try {
      const result = await executeRun({
        instance,
        runId: task.runId,
        signal: ending.signal,
        loadDefinitions: options.loadDefinitions,
        lastWordSeconds: LAST_WORD_SECONDS,
        ...(options.onReady === undefined ? {} : { onReady: options.onReady }),
        ...(task.resume === undefined ? {} : { resume: task.resume }),
      });
      const isGood = isFinished(result.status) && result.status !== "FAILURE";
      return isGood || task.setExitCodeOnFailure !== true ? 0 : 1;
    } finally {
      await instance.close();
    }
  } finally {
    ending.stop();
  }
}

/** A signal that fires when this process is told to end, or has to because something threw past everyone. */
function listenForTheEnd(): { readonly signal: AbortSignal; stop(): void } {
  const abort = new AbortController();
  let killTimer: NodeJS.Timeout | undefined;
  const end = (reason: InterruptedError): void => {
    abort.abort(reason);
    killTimer ??= setTimeout(() => process.exit(1), KILL_AFTER_MS).unref();
  };
  const cancel = (): void => end(new InterruptedError("Execution was interrupted by a termination request"));
  const crash = (error: unknown): void => {
    process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
    end(new UncaughtError(error));
  };
  const listeners = [
    ["SIGTERM", cancel],
    ["SIGINT", cancel],
    ["uncaughtException", crash],
    ["unhandledRejection", crash],
  ] as const;
  for (const [event, listener] of listeners) process.on(event, listener);
  return {
    signal: abort.signal,
    stop: () => {
      for (const [event, listener] of listeners) process.off(event, listener);
      clearTimeout(killTimer);
    },
  };
}

import type { Definitions } from "../definitions/definitions.ts";
import { openInstance } from "../instance/open-instance.ts";
import type { RunStatus } from "../instance/storage.ts";
import { executeRun } from "../worker/run/execute-run.ts";

/**
 * Works on a run that a Dagster host has created, in this process; `instanceRef` is the host's serialised
 * reference to its instance. Gives the run's last status.
 */
export async function executeInInstance(
  definitions: Definitions,
  run: {
    readonly runId: string;
    readonly instanceRef: string;
    readonly signal?: AbortSignal;
    /** Goes on with a run that another worker began. Default: false. */
    readonly resume?: boolean;
  },
): Promise<RunStatus> {
  const instance = await openInstance(run.instanceRef);
  try {
    const { status } = await executeRun({
      instance,
      runId: run.runId,
      loadDefinitions: async () => definitions,
      signal: run.signal ?? new AbortController().signal,
      resume: run.resume ?? false,
    });
    return status;
  } finally {
    await instance.close();
  }
}

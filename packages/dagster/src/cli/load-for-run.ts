import type { LocationSource } from "../components/loaded-location.ts";
import { loadLocation } from "../components/load-location.ts";
import type { Definitions } from "../definitions/definitions.ts";
import type { Instance } from "../instance/open-instance.ts";
import { log } from "../server/log.ts";
import { openStateStore } from "../state/open-store.ts";
import { readLoadData } from "../state/read-load-data.ts";
import type { RunDetails, WorkerTask } from "../worker/index.ts";

/** Loads what the run's snapshot was made from: the same state versions, and never a refresh. */
export const loadForRun =
  (source: LocationSource, task: WorkerTask) =>
  async (run: RunDetails, instance: Instance): Promise<Definitions> => {
    const { planSnapshotId } = run;
    const plan = planSnapshotId === undefined ? undefined : await instance.runs.getSnapshot(planSnapshotId);
    const store = openStateStore(task.instanceRef, process.env);
    try {
      const loaded = await loadLocation(source, {
        env: process.env,
        log: { info: (message) => log("info", message), warn: (message) => log("warning", message) },
        reconstruction: plan === undefined ? { metadata: {} } : readLoadData(plan),
        ...(store === undefined ? {} : { store }),
      });
      return loaded.definitions;
    } finally {
      await store?.close();
    }
  };

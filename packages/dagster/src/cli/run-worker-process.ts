import type { LocationSource } from "../components/loaded-location.ts";
import { type WorkerTask, workerMain } from "../worker/index.ts";
import { loadForRun } from "./load-for-run.ts";

/** What the server sends first. By message: arguments and environment of a process can be read by others. */
export interface RunWorkerMessage {
  readonly source: LocationSource;
  readonly task: WorkerTask;
}

process.once("message", ({ source, task }: RunWorkerMessage) => {
  void workerMain({ task, loadDefinitions: loadForRun(source, task) });
});

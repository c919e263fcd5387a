export { workerMain } from "./main.ts";
export { hangUp, tellServer, type WorkerMessage } from "./process-messages.ts";
export { reportDeadRun, reportDeadRunIn } from "./report-dead-run.ts";
export { type ExecuteRunOptions, type ExecuteRunResult, executeRun } from "./run/execute-run.ts";
export { createInstanceReader, createLazyInstanceReader } from "./run/instance-reader.ts";
export { type RunDetails, readRunDetails } from "./run/run-row.ts";
export { runWorker, type WorkerOptions, type WorkerTask } from "./run-worker.ts";

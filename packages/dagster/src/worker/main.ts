import { errorInfo, writeWire } from "../wire/index.ts";
import { hangUp, tellServer } from "./process-messages.ts";
import { runWorker, type WorkerOptions } from "./run-worker.ts";

/**
 * A worker process from its task to its exit. An error before the run is taken over is told to the server,
 * which answers the launch with it; afterwards the run's own log has it.
 */
export async function workerMain(options: WorkerOptions): Promise<never> {
  let isReady = false;
  let code = 1;
  try {
    code = await runWorker({
      ...options,
      onReady: () => {
        isReady = true;
        tellServer({ type: "ready" });
        options.onReady?.();
      },
    });
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    process.stderr.write(`run ${options.task.runId}: ${error instanceof Error ? error.stack : message}\n`);
    if (!isReady) tellServer({ type: "failed", message, error: writeWire(errorInfo(error)) });
  }
  hangUp();
  // User code may have left timers or sockets open; the run is over all the same.
  process.exit(code);
}

import { Worker } from "node:worker_threads";
import { LocationLoadError, type LocationParameters } from "./code-location.ts";
import type { RefreshData, RefreshResult } from "./refresh-thread.ts";
import { siblingModule } from "./sibling-module.ts";

/**
 * Refreshes state in a thread of its own: an engine that compiles in process must hold up neither the server nor
 * the loaded location. Gives the serialised versions of the refreshed keys.
 */
export const refreshInThread = (parameters: LocationParameters, keys: readonly string[]): Promise<string> =>
  new Promise((resolve, reject) => {
    const workerData: RefreshData = { parameters, keys };
    const worker = new Worker(siblingModule(import.meta.url, "./refresh-thread"), { workerData });
    worker.once("message", (result: RefreshResult) => {
      if (result.kind === "refreshed") resolve(result.stateInfo);
      else reject(new LocationLoadError(result.message, result.payload));
    });
    worker.once("error", reject);
    worker.once("exit", (code) => reject(new Error(`the refresh ended with code ${code} and no result`)));
  });

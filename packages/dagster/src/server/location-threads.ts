import { Worker } from "node:worker_threads";
import { siblingModule } from "./sibling-module.ts";
import type { ThreadData } from "./thread-messages.ts";

/** Nearly everything that a load makes stays: more room for what is young is memory without use. */
const YOUNG_MEGABYTES = 24;

/** Threads that load locations, one for each load. */
export interface LocationThreads {
  /** A thread that waits to be told what to load. */
  readonly take: () => Worker;
}

const start = (registryModule: string | undefined): Worker =>
  new Worker(siblingModule(import.meta.url, "./location-thread"), {
    workerData: (registryModule === undefined ? {} : { registryModule }) satisfies ThreadData,
    resourceLimits: { maxYoungGenerationSizeMb: YOUNG_MEGABYTES },
  });

/**
 * Begins the first thread at once: what it imports takes as long to load as the server itself. The process may end
 * as long as nobody took it.
 */
export const locationThreads = (registryModule: string | undefined): LocationThreads => {
  let ready: Worker | undefined = start(registryModule);
  ready.unref();
  return {
    take: () => {
      const thread = ready ?? start(registryModule);
      ready = undefined;
      thread.ref();
      return thread;
    },
  };
};

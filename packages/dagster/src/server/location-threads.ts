import { getHeapStatistics } from "node:v8";
import { Worker } from "node:worker_threads";
import { siblingModule } from "./sibling-module.ts";
import type { ThreadData } from "./thread-messages.ts";

/** Nearly everything that a load makes stays: more room for what is young is memory without use. */
const YOUNG_MEGABYTES = 6;

/**
 * V8 collects such a heap each time it has doubled, one that may grow further only when it is four times as large.
 * Enough for 450,000 assets; `--max-old-space-size` goes before it.
 */
const OLD_MEGABYTES = 2_000;

const oldMegabytes = (): number =>
  Math.min(OLD_MEGABYTES, Math.floor(getHeapStatistics().heap_size_limit / 2 ** 20));

/** Threads that load locations, one for each load. */
export interface LocationThreads {
  /** A thread that waits to be told what to load. */
  readonly take: () => Worker;
}

const start = (registryModule: string | undefined): Worker =>
  new Worker(siblingModule(import.meta.url, "./location-thread"), {
    workerData: (registryModule === undefined ? {} : { registryModule }) satisfies ThreadData,
    resourceLimits: { maxYoungGenerationSizeMb: YOUNG_MEGABYTES, maxOldGenerationSizeMb: oldMegabytes() },
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

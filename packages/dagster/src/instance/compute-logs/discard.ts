import type { ComputeLogs } from "./compute-logs.ts";

/** For instances that keep no output. */
export const discardComputeLogs: ComputeLogs = {
  open: () => ({ write: () => undefined, close: async () => undefined }),
};

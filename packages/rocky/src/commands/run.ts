import { executeRun } from "../run/execute.ts";
import { defineCommand } from "./command.ts";
import { compatibilityFlags, executionFlags, runRequest } from "./run-flags.ts";

export const run = defineCommand({
  name: "run",
  summary: "Copy sources, build models, check and snapshot: whatever the pipeline says",
  flags: { ...executionFlags, ...compatibilityFlags },
  positionals: [],
  run: async ({ flags }, context) => {
    const request = runRequest(flags, context);
    if (flags.dag) return (await import("../run/dag/run-dag.ts")).executeDag(context, request);
    return executeRun(context, request);
  },
});

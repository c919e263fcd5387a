import { executeRun } from "../run/execute.ts";
import { defineCommand } from "./command.ts";
import { withRunTable } from "./run-table.ts";
import { executionFlags, runOnlyFlags, runOnlyRequest, runRequest } from "./run-flags.ts";

export const run = defineCommand({
  name: "run",
  summary: "Copy sources, build models, check and snapshot: whatever the pipeline says",
  flags: { ...executionFlags, ...runOnlyFlags },
  positionals: [],
  run: async ({ flags }, context) => {
    const request = { ...runRequest(flags, context), ...runOnlyRequest(flags) };
    if (flags.dag) return (await import("../run/dag/run-dag.ts")).executeDag(context, request);
    return withRunTable(await executeRun(context, request));
  },
});

import { executeRun } from "../run/execute.ts";
import { defineCommand } from "./command.ts";
import { booleanFlag } from "./flags.ts";
import { withRunView } from "./run-view.ts";
import { executionFlags, runOnlyFlags, runOnlyRequest, runRequest } from "./run-flags.ts";
import { toArguments } from "./to-arguments.ts";

export const run = defineCommand({
  name: "run",
  summary: "Copy sources, build models, check and snapshot: whatever the pipeline says",
  flags: {
    ...executionFlags,
    ...runOnlyFlags,
    watch: booleanFlag("run again whenever the configuration or a model changes, until interrupted"),
  },
  positionals: [],
  run: async ({ flags: { watch, ...flags } }, context) => {
    if (watch) {
      const { watchAndRun } = await import("./watch.ts");
      return withRunView(await watchAndRun(context, flags.models, ["run", ...toArguments(flags)]));
    }
    const request = { ...runRequest(flags, context), ...runOnlyRequest(flags) };
    if (flags.dag) return (await import("../run/dag/run-dag.ts")).executeDag(context, request);
    return withRunView(await executeRun(context, request));
  },
});

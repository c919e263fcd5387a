import { makePlan } from "../plan/make-plan.ts";
import { defineCommand } from "./command.ts";
import { booleanFlag, stringFlag } from "./flags.ts";
import { executionFlags, runRequest } from "./run-flags.ts";

export const plan = defineCommand({
  name: "plan",
  summary: "Show what a run would do and keep it as a plan that can be applied",
  flags: {
    ...executionFlags,
    semantic: booleanFlag("tell which readers of the models break, compared with --base"),
    base: stringFlag("git reference that --semantic compares with (default: main)", "REF"),
  },
  positionals: [],
  run: async ({ flags }, context) => {
    const request = runRequest(flags, context);
    const payload = await makePlan(context, {
      run: request,
      parallel: flags.parallel ?? 1,
      dag: flags.dag,
      governanceOverride: flags["governance-override"],
      semanticBase: flags.semantic ? (flags.base ?? "main") : undefined,
    });
    return { payload };
  },
});

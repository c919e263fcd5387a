import { applyPlan } from "../plan/apply-plan.ts";
import { defineCommand } from "./command.ts";
import { stringFlag } from "./flags.ts";
import { withRunView } from "./run-view.ts";

export const apply = defineCommand({
  name: "apply",
  summary: "Run a plan that `plan` has made",
  flags: { "expect-spec-digest": stringFlag("accepted; plans here are bound to no product", "DIGEST") },
  positionals: [{ name: "plan_id", help: "the plan's id, 64 hex digits" }],
  run: async ({ positionals }, context) => withRunView(await applyPlan(context, positionals.plan_id)),
});

import { makePromotePlan, type PromoteRequest, promoteBranch } from "../plan/promote-plan.ts";
import { defineCommand } from "./command.ts";
import { booleanFlag, type FlagValues, stringFlag } from "./flags.ts";
import { projectFlags } from "./project-options.ts";

const promoteFlags = {
  ...projectFlags,
  pipeline: stringFlag("pipeline whose tables are promoted; needed when there are several", "NAME"),
  filter: stringFlag("only sources that match", "KEY=VALUE"),
  "allow-breaking": booleanFlag("promote although readers of the models break"),
  "skip-approval": booleanFlag("promote without the approval that the project asks for"),
} as const;

const request = (
  branch: string,
  base: string | undefined,
  flags: FlagValues<typeof promoteFlags>,
): PromoteRequest => ({
  branch,
  base: base ?? "main",
  pipeline: flags.pipeline,
  filter: flags.filter,
  models: flags.models,
  allowBreaking: flags["allow-breaking"],
  skipApproval: flags["skip-approval"],
});

const NAME = [{ name: "name", help: "the branch" }] as const;

export const planPromote = defineCommand({
  name: "plan promote",
  summary: "Plan how a branch's tables replace those in production",
  flags: {
    ...promoteFlags,
    base: stringFlag("git reference to compare the models with (default: main)", "REF"),
  },
  positionals: NAME,
  run: async ({ flags, positionals }, context) => ({
    payload: await makePromotePlan(context, request(positionals.name, flags.base, flags)),
  }),
});

export const branchPromote = defineCommand({
  name: "branch promote",
  summary: "Replace tables in production by those of a branch",
  flags: {
    ...promoteFlags,
    "base-ref": stringFlag("git reference to compare the models with (default: main)", "REF"),
  },
  positionals: NAME,
  run: ({ flags, positionals }, context) =>
    promoteBranch(context, request(positionals.name, flags["base-ref"], flags)),
});

import { createBranch, deleteBranch, findBranch, listBranches } from "../plan/branches.ts";
import { ENGINE_VERSION } from "../version.ts";
import { defineCommand } from "./command.ts";
import { stringFlag } from "./flags.ts";

const NAME = [{ name: "name", help: "the branch; letters, digits and _" }] as const;

export const branchCreate = defineCommand({
  name: "branch create",
  summary: "Name a place where runs with --branch write",
  flags: { description: stringFlag("what the branch is for", "TEXT") },
  positionals: NAME,
  run: async ({ flags, positionals }, { cwd }) => ({
    payload: {
      version: ENGINE_VERSION,
      command: "branch create",
      branch: await createBranch(cwd, positionals.name, flags.description),
    },
  }),
});

export const branchShow = defineCommand({
  name: "branch show",
  summary: "Show a branch",
  flags: {},
  positionals: NAME,
  run: async ({ positionals }, { cwd }) => ({
    payload: {
      version: ENGINE_VERSION,
      command: "branch show",
      branch: await findBranch(cwd, positionals.name),
    },
  }),
});

export const branchList = defineCommand({
  name: "branch list",
  summary: "List the branches",
  flags: {},
  positionals: [],
  run: async (_args, { cwd }) => {
    const branches = await listBranches(cwd);
    return {
      payload: { version: ENGINE_VERSION, command: "branch list", branches, total: branches.length },
    };
  },
});

export const branchDelete = defineCommand({
  name: "branch delete",
  summary: "Forget a branch; its tables stay",
  flags: {},
  positionals: NAME,
  run: async ({ positionals }, { cwd }) => ({
    payload: {
      version: ENGINE_VERSION,
      command: "branch delete",
      name: positionals.name,
      removed: await deleteBranch(cwd, positionals.name),
    },
  }),
});

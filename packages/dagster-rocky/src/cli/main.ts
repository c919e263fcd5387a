import { type ExtraCommands, runCli } from "@dagster-rocky/dagster/cli";
import { rockyProgram } from "./program.ts";

const extra: ExtraCommands = {
  init: async (_program, argv) => (await import("./init.ts")).init(argv),
  check: async (program, argv) => (await import("./check.ts")).check(program, argv),
};

process.exitCode = await runCli(rockyProgram(), process.argv.slice(2), extra);

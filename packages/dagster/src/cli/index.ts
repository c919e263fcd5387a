export { list, loadProject, materialize, refresh, serve, startProjectServer } from "./commands.ts";
export type { LoadedProject } from "./load-project.ts";
export { type Program, UsageError } from "./program.ts";
export { type ExtraCommands, runCli } from "./run-cli.ts";

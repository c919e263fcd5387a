export { type LoadedProject, loadProject } from "./load-project.ts";
export { list } from "./list.ts";
export { materialize } from "./materialize.ts";
export { type Program, UsageError } from "./program.ts";
export { refresh } from "./refresh.ts";
export { type ExtraCommands, runCli } from "./run-cli.ts";
export { serve } from "./serve.ts";
export { startProjectServer } from "./start-server.ts";

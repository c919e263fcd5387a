import { beginServer } from "./begin-server.ts";
import type { LoadedProject } from "./load-project.ts";
import type { Program } from "./program.ts";

export type Command = (program: Program, argv: readonly string[]) => Promise<number>;

// Modules are imported by the command that needs them: a server must answer within a moment, and a health check
// must not load the server at all.

export const serve: Command = async (program, argv) => (await import("./serve.ts")).serve(program, argv);

export const refresh: Command = async (program, argv) =>
  (await import("./refresh.ts")).refresh(program, argv);

export const list: Command = async (program, argv) => (await import("./list.ts")).list(program, argv);

export const materialize: Command = async (program, argv) =>
  (await import("./materialize.ts")).materialize(program, argv);

/** Loads a project in this process, for commands that need no server. */
export const loadProject = async (program: Program, projectRoot: string): Promise<LoadedProject> =>
  (await import("./load-project.ts")).loadProject(program, projectRoot);

/** Starts the code server of a project. */
export const startProjectServer = beginServer;

import { authoringCommands } from "./authoring.ts";
import type { Command } from "./command.ts";
import { inspectingCommands } from "./inspecting.ts";
import { runningCommands } from "./running.ts";

/** Every engine command that the resource offers, by method name. */
export const COMMANDS = { ...inspectingCommands, ...runningCommands, ...authoringCommands } as const;

export type CommandName = keyof typeof COMMANDS;

type OptionsOf<C> = C extends Command<infer Options, infer _Result> ? Options : never;
type ResultOf<C> = C extends Command<infer _Options, infer Result> ? Result : never;

export type CommandOptions<Name extends CommandName> = OptionsOf<(typeof COMMANDS)[Name]>;
export type CommandResult<Name extends CommandName> = ResultOf<(typeof COMMANDS)[Name]>;

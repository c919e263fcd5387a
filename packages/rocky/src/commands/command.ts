import type { RockyError } from "../errors.ts";
import type { CommandContext } from "./context.ts";
import type { Flags, FlagValues } from "./flags.ts";

/** A positional argument. Optional ones come last. */
export interface Positional {
  readonly name: string;
  readonly help: string;
  readonly optional?: boolean;
}

export type Positionals = readonly Positional[];

export type PositionalValues<P extends Positionals> = {
  readonly [K in P[number] as K["name"]]: K extends { optional: true } ? string | undefined : string;
};

export interface CommandArguments<F extends Flags = Flags, P extends Positionals = Positionals> {
  readonly flags: FlagValues<F>;
  readonly positionals: PositionalValues<P>;
}

/** What a command hands back; printing it is not its business. */
export interface CommandOutcome {
  /** Printed as JSON (2 spaces) unless the output is for people. */
  readonly payload?: unknown;
  /** The payload as JSON is printed, where the command has it at less cost than rendering `payload`. */
  readonly rendered?: () => string;
  /** What of the payload people want to see, when that is not all. Called only when needed. */
  readonly view?: () => unknown;
  /** Text for people; without it a terminal gets a plain view of the payload. Called only when needed. */
  readonly table?: () => string;
  /** Printed as it is in every output format; for completions, graphs and scaffolds. Wins over `payload`. */
  readonly text?: string;
  /** Default 0, or 1 when there is an error. */
  readonly exitCode?: number;
  /** A failure reported after the payload, on standard error. Throw instead when there is no payload. */
  readonly error?: RockyError;
}

export interface Command<F extends Flags = Flags, P extends Positionals = Positionals> {
  /** Words as typed: `compile`, `hooks list`. */
  readonly name: string;
  readonly summary: string;
  readonly flags: F;
  readonly positionals: P;
  readonly run: (
    args: CommandArguments<F, P>,
    context: CommandContext,
  ) => Promise<CommandOutcome> | CommandOutcome;
}

/** A command whose argument types have been erased, as the registry and the parser see it. */
export interface AnyCommand {
  readonly name: string;
  readonly summary: string;
  readonly flags: Flags;
  readonly positionals: Positionals;
  readonly invoke: (args: CommandArguments, context: CommandContext) => Promise<CommandOutcome>;
}

/** Describes one command; one file a command. The parser guarantees that `args` has the declared types. */
export const defineCommand = <const F extends Flags, const P extends Positionals>(
  command: Command<F, P>,
): AnyCommand & Command<F, P> =>
  Object.freeze({
    ...command,
    invoke: async (args: CommandArguments, context: CommandContext): Promise<CommandOutcome> =>
      // The parser built these values from this very description, which is what makes the narrowing sound.
      command.run(args as unknown as CommandArguments<F, P>, context),
  });

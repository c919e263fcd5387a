import type { Command, PositionalValues, Positionals } from "../commands/command.ts";
import type { Flags, FlagValues } from "../commands/flags.ts";

type Camel<S extends string> = S extends `${infer Head}-${infer Tail}`
  ? `${Head}${Capitalize<Camel<Tail>>}`
  : S;

type Optional<T> = { readonly [K in keyof T as K extends string ? Camel<K> : never]?: T[K] | undefined };

/** The flags of a command as an object: `--fail-on x` is `{ failOn: "x" }`, a repeated flag is an array. */
export type OptionsOf<C> =
  C extends Command<infer F extends Flags, Positionals> ? Optional<FlagValues<F>> : never;

/** The positional arguments of a command, by name. */
export type PositionalsOf<C> =
  C extends Command<Flags, infer P extends Positionals> ? Optional<PositionalValues<P>> : never;

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

const dashed = (name: string): string =>
  `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;

const words = (name: string, value: unknown): readonly string[] => {
  if (value === undefined || value === null || value === false) return [];
  if (value === true) return [dashed(name)];
  if (Array.isArray(value)) return value.flatMap((entry) => words(name, entry));
  // Glued with `=`, so that a value that starts with a dash is no flag.
  return [`${dashed(name)}=${String(value)}`];
};

/** Options back to command-line words. */
export const toArguments = (options: object): readonly string[] =>
  Object.entries(options).flatMap(([name, value]) => words(name, value));

import type { CommandContext } from "./context.ts";

const dashed = (name: string): string =>
  `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;

const words = (name: string, value: unknown): readonly string[] => {
  if (value === undefined || value === null || value === false) return [];
  if (value === true) return [dashed(name)];
  if (Array.isArray(value)) return value.flatMap((entry) => words(name, entry));
  // Glued with `=`, so that a value that starts with a dash is no flag.
  return [`${dashed(name)}=${String(value)}`];
};

/** Options back to command-line words; names in camel case or with dashes. */
export const toArguments = (options: object): readonly string[] =>
  Object.entries(options).flatMap(([name, value]) => words(name, value));

/** The global flags of this invocation, for command lines that it runs in turn. */
export const globalArguments = (context: CommandContext): readonly string[] => [
  `--config=${context.configPath}`,
  ...(context.statePath === undefined ? [] : [`--state-path=${context.statePath}`]),
  ...(context.stateNamespace === undefined ? [] : [`--state-namespace=${context.stateNamespace}`]),
  ...(context.cacheTtlSeconds === undefined ? [] : [`--cache-ttl=${context.cacheTtlSeconds}`]),
  // An agent must not become a human on the way.
  `--principal=${context.principal}`,
  "--output=json",
];

/** The parts of a resource's configuration that appear on command lines. */
export interface CommandConfig {
  readonly configPath: string;
  readonly statePath?: string;
  readonly stateNamespace?: string;
  readonly modelsDir: string;
  readonly contractsDir?: string;
}

/** One engine command: from typed options to arguments, and from output to a typed result. */
export interface Command<Options, Result> {
  readonly args: (options: Options, config: CommandConfig) => readonly string[];
  /** True when output that comes with a non-zero exit code is a regular answer. */
  readonly partial: boolean;
  readonly output: "json" | "optional json" | "text";
  readonly decode: (payload: unknown) => Result;
  /** The oldest engine that knows these arguments, when that is newer than the general floor. */
  readonly floor?: (options: Options) => string | undefined;
}

export const command = <Options, Result>(
  definition: Omit<Command<Options, Result>, "partial" | "output"> &
    Partial<Pick<Command<Options, Result>, "partial" | "output">>,
): Command<Options, Result> => ({ partial: false, output: "json", ...definition });

/** `--flag value`, or nothing when there is no value. */
export const flag = (name: string, value: string | number | undefined): readonly string[] =>
  value === undefined ? [] : [name, String(value)];

/** `--flag`, or nothing. */
export const toggle = (name: string, on: boolean | undefined): readonly string[] => (on ? [name] : []);

/** A positional argument, or nothing. */
export const word = (value: string | undefined): readonly string[] => (value === undefined ? [] : [value]);

export const models = (config: CommandConfig): readonly string[] => ["--models", config.modelsDir];

export const contracts = (config: CommandConfig): readonly string[] =>
  flag("--contracts", config.contractsDir);

/** What precedes every subcommand. A namespace wins over a path: the engine would only take one of them. */
export const globalFlags = (config: CommandConfig): readonly string[] => [
  "--config",
  config.configPath,
  ...(config.stateNamespace === undefined
    ? flag("--state-path", config.statePath)
    : ["--state-namespace", config.stateNamespace]),
  "--output",
  "json",
];

/** The program that embeds these commands. */
export interface Program {
  /** Shown in usage and errors, such as `dagster-rocky`. */
  readonly name: string;
  readonly version: string;
  /** URL of a module that exports `componentTypes`; threads and run workers import it too. */
  readonly registryModule?: string;
  /** The script that Node runs; hosts start run workers with it. Default: the one that is running. */
  readonly script?: string;
}

/** A wrong command line. The message says what to write instead. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}

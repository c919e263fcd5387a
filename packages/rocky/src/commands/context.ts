import type { Redactor } from "../config/index.ts";
import type { RockyConfig } from "../config/types/config.ts";
import type { Environment, Files } from "../ports.ts";
import type { Flags } from "./flags.ts";
import type { EngineEvent, InvocationResult } from "./invocation.ts";

export type OutputFormat = "json" | "table" | "md";
export type Principal = "human" | "agent";

/** What a command may touch, with the global flags already read. One per invocation. */
export interface CommandContext {
  /** Absolute working directory. */
  readonly cwd: string;
  readonly env: Environment;
  readonly files: Files;
  readonly signal: AbortSignal;
  /** Sends an event; its texts are redacted on the way out. */
  readonly emit: (event: EngineEvent) => void;
  /** Runs another command line in the same surroundings; how `serve` answers requests. */
  readonly invoke?: (argv: readonly string[]) => Promise<InvocationResult>;
  /** Waits for the hooks that events so far have fired; throws when one of them asked to abort. */
  readonly settleHooks?: () => Promise<void>;
  readonly output: OutputFormat;
  /** `-c`, default `rocky.toml`; relative to `cwd`. */
  readonly configPath: string;
  readonly statePath?: string;
  readonly stateNamespace?: string;
  readonly cacheTtlSeconds?: number;
  readonly principal: Principal;
  /** Loads the config once; later calls return the same value. Throws `RockyError`. */
  readonly loadConfig: () => RockyConfig;
  /**
   * The same for commands that only look at models: they need no `rocky.toml`, and get the defaults where none is.
   * One named with `-c` has to be there.
   */
  readonly loadProjectConfig: () => RockyConfig;
  /** True when the config file is there; commands that can do without ask first. */
  readonly hasConfig: () => boolean;
  /** Follows the config once it is loaded; before that it lets everything through. */
  readonly redactor: Redactor;
  /** Every command with its flags; loads them all. */
  readonly listCommands: () => Promise<readonly CommandSummary[]>;
}

export interface CommandSummary {
  readonly name: string;
  readonly flags: Flags;
}

import type { RockyError } from "../errors.ts";

/** One thing the engine says while it works. On the CLI each is a JSON line on standard error. */
export interface EngineEvent {
  readonly level: "debug" | "info" | "warn" | "error";
  readonly message: string;
  /** Structured facts, such as `{ event: "table_finished", table, rows, duration_ms }`. */
  readonly fields?: Readonly<Record<string, string | number | boolean | null>>;
}

/** Everything of the outside world that a command may touch, passed in. */
export interface InvocationContext {
  /** Working directory: relative paths in flags and the default state path resolve against it. */
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Aborted to drain and stop; the command then ends with exit code 130. */
  readonly signal?: AbortSignal;
  readonly onEvent?: (event: EngineEvent) => void;
  /** False (the default) means JSON output unless `-o` says otherwise. */
  readonly isTerminal?: boolean;
}

/** What a finished command left behind. */
export interface InvocationResult {
  readonly exitCode: number;
  /** The text for standard output; empty when the command printed nothing. */
  readonly stdout: string;
  /** The payload behind `stdout` when it is JSON, so that embedders need not parse. */
  readonly payload?: unknown;
  /** The error behind `stderr`, with its stable code. */
  readonly error?: RockyError;
  /** The error text for standard error when the command failed. */
  readonly stderr: string;
}

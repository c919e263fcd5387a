import type { EngineEvent } from "@dagster-rocky/rocky";

export type { EngineEvent };

export interface InvokeOptions {
  /** Aborted when the run is canceled: the engine and everything it started must end. */
  readonly signal?: AbortSignal;
  /** Absent means no limit. */
  readonly timeoutMs?: number;
  /** Called for each thing the engine says while it works. */
  readonly onEvent?: (event: EngineEvent) => void;
  /** Added to the engine's environment. */
  readonly env?: Readonly<Record<string, string>>;
}

/** What an engine call left behind, whatever its exit code. */
export interface TransportReply {
  readonly exitCode: number;
  readonly stdout: string;
  /** The end of what the engine wrote to standard error, at most 20 lines. */
  readonly stderrTail: string;
  readonly durationMs: number;
  readonly pid?: number;
}

/** One way to reach an engine. `argv` holds the global flags too. */
export interface RockyTransport {
  readonly kind: "cli" | "embedded" | "http";
  /** What logs and errors call it: a path, `embedded engine`, or a URL. */
  readonly label: string;
  /** Identifies the engine for the version gate; absent when there is nothing to check. */
  readonly versionKey?: string;
  /** Rejects with a `RockyError` when there is no reply at all. */
  invoke(argv: readonly string[], options?: InvokeOptions): Promise<TransportReply>;
}

/** Captured output of one or more steps, being written. */
export interface LogCapture {
  /** Bytes must be on their way to the file when this returns: a worker may exit right after. */
  write(stream: "stdout" | "stderr", chunk: string | Uint8Array): void;
  /** Marks the capture as complete. */
  close(): Promise<void>;
}

/** Where the captured output of runs goes. */
export interface ComputeLogs {
  /** `key` is [run id, `compute_logs`, file key]. */
  open(key: readonly string[]): LogCapture;
}

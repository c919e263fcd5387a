export type StorageErrorCode =
  | "unknown_storage"
  | "bad_config"
  | "missing_env"
  | "missing_database"
  | "missing_column"
  | "locked"
  | "unreachable"
  | "run_not_found"
  | "closed";

/** The instance's storage cannot be used as it is; the message says what to do about it. */
export class StorageError extends Error {
  override readonly name = "StorageError";
  readonly code: StorageErrorCode;

  constructor(code: StorageErrorCode, message: string, options: { cause?: unknown } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
  }
}

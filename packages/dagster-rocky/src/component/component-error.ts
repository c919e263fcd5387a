/** What went wrong, for code that has to tell errors apart. */
export type RockyComponentErrorCode =
  | "ATTRIBUTE_INVALID"
  | "ATTRIBUTE_CONFLICT"
  | "STATE_CORRUPT"
  | "STATE_MISSING"
  | "STATE_STALE"
  | "SCHEMA_MISMATCH"
  | "NOTHING_DISCOVERED"
  | "CONTRACT_INVALID"
  | "KEY_COLLISION"
  | "REFRESH_FAILED";

/** An error of the component. The message says what, where and what to do. */
export class RockyComponentError extends Error {
  override readonly name = "RockyComponentError";
  readonly code: RockyComponentErrorCode;
  /** The file and the key in it, when there is one: `path/to/state: discover.sources[3]`. */
  readonly where?: string;
  /** The attribute that is wrong, below `attributes`: the framework adds file and line. */
  readonly attributePath?: readonly (string | number)[];

  constructor(
    code: RockyComponentErrorCode,
    message: string,
    options: { where?: string; attributePath?: readonly (string | number)[]; cause?: unknown } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    if (options.where !== undefined) this.where = options.where;
    if (options.attributePath !== undefined) this.attributePath = options.attributePath;
  }
}

/** An error's text without its stack. */
export const reasonOf = (error: unknown): string =>
  error instanceof Error ? `${error.name}: ${error.message}` : String(error);

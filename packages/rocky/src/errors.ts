/** Stable names of what can go wrong. Scripts and embedders switch on these, never on message texts. */
export type RockyErrorCode =
  | "usage"
  | "config_missing"
  | "config_syntax"
  | "config_env"
  | "config_invalid"
  | "model_invalid"
  | "model_cycle"
  | "no_models"
  | "unknown_name"
  | "sql_unsupported"
  | "compile_failed"
  | "adapter_failed"
  | "query_failed"
  | "state_failed"
  | "state_locked"
  | "plan_invalid"
  | "plan_stale"
  | "check_failed"
  | "unsupported"
  | "io_failed"
  | "cancelled"
  | "internal";

/** Where a problem sits. Lines and columns count from 1; `key` is a dotted path such as `adapter.main.type`. */
export interface ErrorLocation {
  readonly file?: string;
  readonly line?: number;
  readonly column?: number;
  readonly key?: string;
}

export interface RockyErrorOptions {
  readonly where?: ErrorLocation;
  /** What the user can do about it, one sentence. */
  readonly hint?: string;
  /** Kept in memory for debugging; never printed or sent, because it may carry secrets. */
  readonly cause?: unknown;
}

/** The one error type that leaves a room of this package. */
export class RockyError extends Error {
  readonly code: RockyErrorCode;
  readonly where: ErrorLocation | undefined;
  readonly hint: string | undefined;

  constructor(code: RockyErrorCode, message: string, options: RockyErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = "RockyError";
    this.code = code;
    this.where = options.where;
    this.hint = options.hint;
  }

  /** Turns anything thrown into a `RockyError`; one that already is comes back unchanged. */
  static from(thrown: unknown, code: RockyErrorCode = "internal"): RockyError {
    if (thrown instanceof RockyError) return thrown;
    if (isAbort(thrown)) return new RockyError("cancelled", "the command was interrupted", { cause: thrown });
    const message = thrown instanceof Error ? thrown.message : String(thrown);
    return new RockyError(code, message, { cause: thrown });
  }

  /** The same error with its texts mapped and its cause left behind: what may leave the process. */
  withTexts(map: (text: string) => string): RockyError {
    return new RockyError(this.code, map(this.message), {
      ...(this.where === undefined ? {} : { where: this.where }),
      ...(this.hint === undefined ? {} : { hint: map(this.hint) }),
    });
  }

  /** Never includes the cause. */
  toJSON(): Record<string, unknown> {
    return { code: this.code, message: this.message, where: this.where, hint: this.hint };
  }
}

const isAbort = (thrown: unknown): boolean =>
  thrown instanceof Error &&
  (thrown.name === "AbortError" || ("code" in thrown && thrown.code === "ABORT_ERR"));

/** `rocky.toml:12:3, key adapter.main.type`, or an empty text when nothing is known. */
export const formatLocation = (where: ErrorLocation | undefined): string => {
  if (where === undefined) return "";
  const position = [where.file, where.line, where.line === undefined ? undefined : where.column]
    .filter((part) => part !== undefined)
    .join(":");
  const key = where.key === undefined ? undefined : `key ${where.key}`;
  return [position === "" ? undefined : position, key].filter((part) => part !== undefined).join(", ");
};

/** The text shown to people: what, where and what to do, one line each. */
export const formatError = (error: RockyError): string => {
  const lines = [`Error: ${error.message}`];
  const where = formatLocation(error.where);
  if (where !== "") lines.push(`  at ${where}`);
  if (error.hint !== undefined) lines.push(`  hint: ${error.hint}`);
  return lines.join("\n");
};

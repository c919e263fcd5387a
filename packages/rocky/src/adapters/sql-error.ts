import { RockyError, type RockyErrorCode } from "../errors.ts";

/** Why a warehouse refused: decides whether the engine may try again and what it tells the user. */
export type SqlErrorKind =
  | "identifier"
  | "missing_relation"
  | "busy"
  | "interrupted"
  | "open"
  | "conflict"
  | "unavailable"
  | "statement";

const CODES: Readonly<Record<SqlErrorKind, RockyErrorCode>> = {
  identifier: "config_invalid",
  missing_relation: "query_failed",
  busy: "adapter_failed",
  interrupted: "cancelled",
  open: "adapter_failed",
  conflict: "query_failed",
  unavailable: "query_failed",
  statement: "query_failed",
};

export interface SqlErrorOptions {
  /** The statement that failed, when one had been sent. */
  readonly sql?: string;
  readonly hint?: string;
  readonly file?: string;
  readonly cause?: unknown;
}

/** A failure on the way to, or in, a warehouse. */
export class SqlError extends RockyError {
  readonly kind: SqlErrorKind;
  readonly sql: string | undefined;

  constructor(kind: SqlErrorKind, message: string, options: SqlErrorOptions = {}) {
    super(CODES[kind], message, {
      ...(options.file === undefined ? {} : { where: { file: options.file } }),
      ...(options.hint === undefined ? {} : { hint: options.hint }),
      ...(options.cause === undefined ? {} : { cause: options.cause }),
    });
    this.kind = kind;
    this.sql = options.sql;
  }
}

export const isSqlError = (error: unknown, kind?: SqlErrorKind): error is SqlError =>
  error instanceof SqlError && (kind === undefined || error.kind === kind);

export const interruptedError = (): SqlError => new SqlError("interrupted", "the command was interrupted");

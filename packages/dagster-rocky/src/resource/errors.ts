import { Failure, type MetadataInput } from "@dagster-rocky/dagster";

/** Why an engine call gave no usable answer. */
export type RockyErrorKind =
  /** The executable is missing or cannot be started. */
  | "binary"
  /** The engine is older than this package needs. */
  | "version"
  | "timeout"
  | "canceled"
  /** The engine ended with an error and no output. */
  | "command"
  /** The engine ended with an error after output that this command's caller may not use. */
  | "partialFailure"
  /** The output is no JSON, or not of the documented shape. */
  | "output"
  /** The HTTP server did not answer as it should. */
  | "server"
  /** An argument of ours, or what a resolver returned, is not usable. */
  | "argument";

export type RockyErrorDetails = Readonly<Record<string, string | number>>;

/** An engine call that failed. The message is complete and holds no secret. */
export class RockyError extends Error {
  override readonly name = "RockyError";
  readonly kind: RockyErrorKind;
  readonly details: RockyErrorDetails;

  constructor(kind: RockyErrorKind, message: string, details: RockyErrorDetails = {}, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.kind = kind;
    this.details = details;
  }
}

/** A second attempt of a call that ran into its time limit would only run into it again. */
const isRetryable = (kind: RockyErrorKind): boolean => kind !== "timeout";

/** What a step fails with. A failure that user code raised passes through unchanged. */
export const toFailure = (error: unknown): Failure => {
  if (error instanceof Failure) return error;
  if (error instanceof RockyError) {
    const metadata: MetadataInput = { ...error.details };
    return new Failure(error.message, { metadata, allowRetries: isRetryable(error.kind), cause: error });
  }
  return new Failure(error instanceof Error ? error.message : String(error), { cause: error });
};

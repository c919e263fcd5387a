/** Codes of gRPC that this server answers with. */
export const STATUS = {
  ok: 0,
  cancelled: 1,
  deadlineExceeded: 4,
  notFound: 5,
  resourceExhausted: 8,
  unimplemented: 12,
  internal: 13,
  unavailable: 14,
} as const;

export type StatusCode = (typeof STATUS)[keyof typeof STATUS];

/** Ends a call with a status. User-code failures are typed payloads instead: a status looks like a dead server. */
export class RpcError extends Error {
  override readonly name = "RpcError";
  readonly code: StatusCode;

  constructor(code: StatusCode, message: string) {
    super(message);
    this.code = code;
  }
}

/** Peers end the connection over headers of more than eight kilobytes, and a byte may take three characters. */
const MAX_ENCODED_CHARACTERS = 4_000;
const UNSAFE = /[^ -$&-~]+/g;
const CUT_ESCAPE = /%.?$/;

const percent = (text: string): string =>
  [...Buffer.from(text, "utf8")]
    .map((byte) => `%${byte.toString(16).toUpperCase().padStart(2, "0")}`)
    .join("");

const encoded = (message: string): string =>
  message
    .slice(0, MAX_ENCODED_CHARACTERS)
    .replace(UNSAFE, percent)
    .slice(0, MAX_ENCODED_CHARACTERS)
    .replace(CUT_ESCAPE, "");

/** What a call ends with. */
export const statusTrailers = (code: StatusCode, message = ""): Record<string, string> => ({
  "grpc-status": String(code),
  ...(message === "" ? {} : { "grpc-message": encoded(message) }),
});

export const asRpcError = (error: unknown): RpcError =>
  error instanceof RpcError
    ? error
    : new RpcError(STATUS.internal, error instanceof Error ? error.message : String(error));

/** Codes of gRPC that this server answers with. */
export const STATUS = {
  ok: 0,
  deadlineExceeded: 4,
  notFound: 5,
  resourceExhausted: 8,
  unimplemented: 12,
  internal: 13,
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

/** Peers refuse headers of more than a few kilobytes. */
const MAX_MESSAGE_CHARACTERS = 2_000;
const UNSAFE = /[^ -$&-~]+/g;

const percent = (text: string): string =>
  [...Buffer.from(text, "utf8")]
    .map((byte) => `%${byte.toString(16).toUpperCase().padStart(2, "0")}`)
    .join("");

/** What a call ends with. */
export const statusTrailers = (code: StatusCode, message = ""): Record<string, string> => {
  const text = message.slice(0, MAX_MESSAGE_CHARACTERS).replace(UNSAFE, percent);
  return { "grpc-status": String(code), ...(text === "" ? {} : { "grpc-message": text }) };
};

export const asRpcError = (error: unknown): RpcError =>
  error instanceof RpcError
    ? error
    : new RpcError(STATUS.internal, error instanceof Error ? error.message : String(error));

const codeOf = (error: unknown): string =>
  error instanceof Error && "code" in error ? String(error.code) : "";

/** Class 08 are connection errors; 57P01 to 57P03 say that the server stops, crashed or starts. */
const LOST = /^(08\w{3}|57P0[123]|ECONNREFUSED|ECONNRESET|EPIPE|ETIMEDOUT|ENOTFOUND|EAI_AGAIN|ENOENT)$/;
/** What the client itself throws has no code. */
const LOST_MESSAGE = /Connection terminated|connection timeout|not queryable|socket hang up/i;

/** The connection is gone or could not be made; another attempt may find the server again. */
export const isConnectionLost = (error: unknown): boolean =>
  LOST.test(codeOf(error)) || (error instanceof Error && LOST_MESSAGE.test(error.message));

/** The server undid the whole transaction: a deadlock, a serialisation failure, or too many connections. */
export const isRetryableConflict = (error: unknown): boolean => /^(40P01|40001|53300)$/.test(codeOf(error));

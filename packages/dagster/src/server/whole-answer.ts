import { errorInfo } from "../wire/index.ts";
import type { LocationAnswer, LocationRequest } from "./code-location.ts";
import { errorAnswer } from "./error-answers.ts";
import { maxSendBytes } from "./protocol/limits.ts";

/** An answer as one message. */
export interface WholeAnswer {
  readonly isError: boolean;
  readonly text: Uint8Array;
}

/** The host would only say that the server cannot be reached. */
class AnswerTooLarge extends Error {
  override readonly name = "AnswerTooLarge";

  constructor({ kind }: LocationRequest, limit: number) {
    super(
      `the answer to the host's request "${kind}" has more than ${limit} bytes, the most that one message may hold. ` +
        "Let one op make several assets (multiAsset), or raise DAGSTER_GRPC_MAX_SEND_BYTES for this server and " +
        "DAGSTER_GRPC_MAX_RX_BYTES for Dagster's webserver and daemon.",
    );
  }
}

/** All of an answer; the typed error of its request where the host could not receive it. */
export const wholeAnswer = async (
  request: LocationRequest,
  { isError, chunks }: LocationAnswer,
  limit: number = maxSendBytes(),
): Promise<WholeAnswer> => {
  const copies: Buffer[] = [];
  let size = 0;
  for await (const chunk of chunks) {
    size += chunk.length;
    if (size > limit) {
      const error = errorAnswer(request.kind, errorInfo(new AnswerTooLarge(request, limit)));
      return { isError: true, text: Buffer.concat(error.chunks) };
    }
    copies.push(Buffer.from(chunk));
  }
  const [only] = copies;
  return { isError, text: only !== undefined && copies.length === 1 ? only : Buffer.concat(copies, size) };
};

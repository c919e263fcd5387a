import type { IncomingHttpHeaders, ServerHttp2Stream } from "node:http2";
import { decodeMessage, type EncodableMessage, encodeParts, type MessageShape } from "./codec.ts";
import { ENCODINGS, frameOf, readMessage } from "./frames.ts";
import { asRpcError, RpcError, STATUS, type StatusCode, statusTrailers } from "./status.ts";

type AnyMessage = EncodableMessage<MessageShape>;

/** One method of a service: a request, then one reply or a stream of them. */
export interface RpcMethod {
  readonly request: MessageShape;
  readonly reply: MessageShape;
  readonly handle: (request: unknown) => unknown;
  readonly streams: boolean;
}

const CONTENT_TYPE = "application/grpc";
/** The format of messages may follow; another protocol, such as that of browsers, goes on with a dash. */
const IS_GRPC = /^application\/grpc(?:$|[+; ])/i;

/** Answers one call; never throws, because nobody could do anything about it. */
export const answerCall = async (
  stream: ServerHttp2Stream,
  headers: IncomingHttpHeaders,
  methods: ReadonlyMap<string, RpcMethod>,
): Promise<void> => {
  // The peer may go at any time; the stream's end is noticed where it is used.
  stream.on("error", () => undefined);
  if (!IS_GRPC.test(headers["content-type"] ?? "")) {
    stream.respond({ ":status": 415 }, { endStream: true });
    return;
  }
  const timer = startDeadline(stream, headers["grpc-timeout"]);
  try {
    const path = String(headers[":path"]);
    const method = methods.get(path);
    if (method === undefined) throw new RpcError(STATUS.unimplemented, `there is no method ${path}`);
    const bytes = await readMessage(stream, String(headers["grpc-encoding"] ?? "identity"));
    // A client that has heard of its deadline must not find afterwards that the work was begun.
    if (isOver(stream)) return;
    const request = decodeMessage(method.request, bytes);
    if (method.streams) await answerAll(stream, method, method.handle(request) as AsyncIterable<AnyMessage>);
    else await write(stream, method, (await method.handle(request)) as AnyMessage);
    finish(stream, STATUS.ok);
  } catch (error) {
    const { code, message } = asRpcError(error);
    finish(stream, code, message);
  } finally {
    clearTimeout(timer);
  }
};

const answerAll = async (
  stream: ServerHttp2Stream,
  method: RpcMethod,
  replies: AsyncIterable<AnyMessage>,
): Promise<void> => {
  for await (const reply of replies) {
    if (isOver(stream)) return;
    await write(stream, method, reply);
  }
};

const isOver = (stream: ServerHttp2Stream): boolean =>
  stream.closed || stream.destroyed || stream.writableEnded;

/** Resolves when the message has left this process: until then a peer that reads slowly gets no further one. */
const write = async (stream: ServerHttp2Stream, { reply }: RpcMethod, message: AnyMessage): Promise<void> => {
  if (isOver(stream)) return;
  begin(stream);
  const frame = frameOf(encodeParts(reply, message));
  await new Promise<void>((resolve) => {
    stream.once("close", resolve);
    for (const [index, part] of frame.entries()) {
      stream.write(part, () => {
        if (index < frame.length - 1) return;
        stream.off("close", resolve);
        resolve();
      });
    }
  });
};

const begin = (stream: ServerHttp2Stream): void => {
  if (stream.headersSent) return;
  stream.respond(
    { ":status": 200, "content-type": CONTENT_TYPE, "grpc-accept-encoding": ENCODINGS },
    { waitForTrailers: true },
  );
};

/** Ends a call, unless it is over. */
export const finish = (stream: ServerHttp2Stream, code: StatusCode, message?: string): void => {
  if (isOver(stream)) return;
  const trailers = statusTrailers(code, message);
  // What is left of the request is of no interest, and would keep the stream open.
  stream.resume();
  if (stream.headersSent || code === STATUS.ok) {
    begin(stream);
    stream.once("wantTrailers", () => stream.sendTrailers(trailers));
    stream.end();
    return;
  }
  const head = { ":status": 200, "content-type": CONTENT_TYPE, "grpc-accept-encoding": ENCODINGS };
  stream.respond({ ...head, ...trailers }, { endStream: true });
};

const UNIT_MS: Readonly<Record<string, number>> = {
  H: 3_600_000,
  M: 60_000,
  S: 1_000,
  m: 1,
  u: 1e-3,
  n: 1e-6,
};
/** Timers hold no longer time; a call that may take weeks needs none. */
const MAX_TIMER_MS = 2 ** 31 - 1;

const startDeadline = (stream: ServerHttp2Stream, timeout: unknown): NodeJS.Timeout | undefined => {
  const [, digits, unit] = /^(\d{1,8})([HMSmun])$/.exec(String(timeout ?? "")) ?? [];
  const milliseconds = Number(digits) * (UNIT_MS[unit ?? ""] ?? Number.NaN);
  if (Number.isNaN(milliseconds) || milliseconds > MAX_TIMER_MS) return undefined;
  return setTimeout(
    () => finish(stream, STATUS.deadlineExceeded, "the deadline of the call has passed"),
    milliseconds,
  ).unref();
};

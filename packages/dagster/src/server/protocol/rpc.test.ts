import { connect, constants, type ClientHttp2Session, type ClientHttp2Stream } from "node:http2";
import { connect as connectSocket } from "node:net";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Listening, listen } from "../listen.ts";
import { decodeMessage, encodeMessage } from "./codec.ts";
import { frameOf, PREFIX_BYTES } from "./frames.ts";
import { HEALTH_WATCH } from "./health.ts";
import { maxReceiveBytes } from "./limits.ts";
import type { RpcMethod } from "./rpc.ts";

const shape = { text: [1, "string"] } as const;

const method = (handle: (request: { text: string }) => unknown, streams = false): RpcMethod => ({
  request: shape,
  reply: shape,
  handle: handle as RpcMethod["handle"],
  streams,
});

const PIECES = 20;
const PIECE_BYTES = 300_000;
let ended = 0;
let made = 0;
let echoed = 0;

/** The same memory for every piece, as answers from a file have it. */
async function* lent() {
  const buffer = Buffer.alloc(PIECE_BYTES);
  try {
    for (let i = 0; i < PIECES; i++) {
      made++;
      yield { text: buffer.fill(97 + i) };
    }
  } finally {
    ended++;
  }
}

let release: () => void = () => undefined;
const started = new Promise<void>((resolve) => {
  release = resolve;
});

const methods = new Map([
  [
    "/t/Echo",
    method(({ text }) => {
      echoed++;
      return { text: `<${text}>` };
    }),
  ],
  ["/t/Empty", method(() => ({}))],
  ["/t/Long", method(() => Promise.reject(new Error("ü".repeat(100_000))))],
  ["/t/Slow", method(() => started.then(() => ({ text: "done" })))],
  ["/t/Fail", method(() => Promise.reject(new Error("no: 100 % grün")))],
  ["/t/Never", method(() => new Promise(() => undefined))],
  ["/t/Lent", method(lent, true)],
  [
    "/t/Breaks",
    method(async function* () {
      yield { text: "one" };
      throw new Error("broken");
    }, true),
  ],
]);

interface Reply {
  readonly httpStatus: unknown;
  readonly status: unknown;
  readonly message: unknown;
  readonly texts: readonly string[];
}

const folder = mkdtempSync(join(tmpdir(), "rpc-"));
let server: Listening;
let client: ClientHttp2Session;

const serve = (path: string): Promise<Listening> => listen(methods, { kind: "socket", path });
const open = (path: string): ClientHttp2Session =>
  connect("http://localhost", { createConnection: () => connectSocket(path) });

beforeAll(async () => {
  const path = join(folder, "socket");
  server = await serve(path);
  client = open(path);
});

afterAll(async () => {
  client.close();
  await server.stop();
  rmSync(folder, { recursive: true });
});

const textsIn = (body: Buffer): readonly string[] => {
  const texts: string[] = [];
  for (let at = 0; at < body.length; ) {
    const size = body.readUInt32BE(at + 1);
    texts.push(decodeMessage(shape, body.subarray(at + PREFIX_BYTES, at + PREFIX_BYTES + size)).text);
    at += PREFIX_BYTES + size;
  }
  return texts;
};

const request = (
  path: string,
  headers: Record<string, string> = {},
  session: ClientHttp2Session = client,
): ClientHttp2Stream =>
  session.request({ ":method": "POST", ":path": path, "content-type": "application/grpc", ...headers });

const replyOn = (stream: ClientHttp2Stream): Promise<Reply> =>
  new Promise((resolve, reject) => {
    let seen: Record<string, unknown> = {};
    const parts: Buffer[] = [];
    stream.on("response", (given) => {
      seen = { ...seen, ...given };
    });
    stream.on("trailers", (given) => {
      seen = { ...seen, ...given };
    });
    stream.on("data", (part: Buffer) => parts.push(part));
    stream.once("error", reject);
    stream.once("close", () =>
      resolve({
        httpStatus: seen[":status"],
        status: seen["grpc-status"],
        message: seen["grpc-message"],
        texts: textsIn(Buffer.concat(parts)),
      }),
    );
  });

const call = (path: string, body: Uint8Array, headers: Record<string, string> = {}): Promise<Reply> => {
  const stream = request(path, headers);
  const reply = replyOn(stream);
  stream.end(body);
  return reply;
};

const framed = (text: string): Buffer => Buffer.concat(frameOf([encodeMessage(shape, { text })]));
const flagged = (flag: number, message: Uint8Array): Buffer => {
  const body = Buffer.concat(frameOf([message]));
  body[0] = flag;
  return body;
};

describe("a call", () => {
  it("is answered", async () => {
    expect(await call("/t/Echo", framed("hi"))).toMatchObject({ status: "0", texts: ["<hi>"] });
  });

  it("may come compressed", async () => {
    const body = flagged(1, gzipSync(encodeMessage(shape, { text: "packed" })));
    expect(await call("/t/Echo", body, { "grpc-encoding": "gzip" })).toMatchObject({ texts: ["<packed>"] });
    expect(await call("/t/Echo", body, { "grpc-encoding": "snappy" })).toMatchObject({ status: "12" });
    expect(await call("/t/Echo", body, { "grpc-encoding": "deflate" })).toMatchObject({ status: "13" });
    expect(await call("/t/Echo", body)).toMatchObject({ status: "13" });
  });

  it("ends with a status and a text when it fails", async () => {
    const reply = await call("/t/Fail", framed(""));
    expect(reply).toMatchObject({ httpStatus: 200, status: "13", message: "no: 100 %25 gr%C3%BCn" });
  });

  it("may be empty on both sides", async () => {
    expect(await call("/t/Echo", flagged(0, Buffer.alloc(0)))).toMatchObject({ status: "0", texts: ["<>"] });
    expect(await call("/t/Empty", framed(""))).toMatchObject({ status: "0", texts: [""] });
  });

  it("fails with a text that no peer refuses for its length", async () => {
    const { message } = await call("/t/Long", framed(""));
    expect(message).toMatch(/^(%C3%BC)+/);
    expect(String(message).length).toBeLessThanOrEqual(4_000);
  });

  it.each([
    ["an unknown method", "/t/None", framed(""), "12"],
    ["a message that is cut off", "/t/Echo", framed("hello").subarray(0, 8), "13"],
    ["no message", "/t/Echo", new Uint8Array(), "12"],
    ["a second message", "/t/Echo", Buffer.concat([framed("one"), framed("two")]), "12"],
    ["an unknown flag", "/t/Echo", flagged(2, encodeMessage(shape, { text: "hi" })), "13"],
    ["bytes that are no message", "/t/Echo", Buffer.concat(frameOf([Buffer.from("0a05aa", "hex")])), "13"],
  ])("%s is refused", async (_what, path, body, status) => {
    expect(await call(path, body)).toMatchObject({ status });
  });

  it("is refused when its message is too large, before it was read", async () => {
    const prefix = Buffer.alloc(PREFIX_BYTES);
    prefix.writeUInt32BE(maxReceiveBytes() + 1, 1);
    const reply = await call("/t/Echo", prefix);
    expect(reply.status).toBe("8");
    expect(String(reply.message)).toContain(`${maxReceiveBytes() + 1} vs. ${maxReceiveBytes()}`);
  });

  it.each(["text/plain", "application/grpc-web+proto"])("of %s is told that it is not gRPC", async (type) => {
    expect(await call("/t/Echo", framed(""), { "content-type": type })).toMatchObject({ httpStatus: 415 });
  });

  it("may name the format of its messages", async () => {
    const reply = await call("/t/Echo", framed("hi"), { "content-type": "application/grpc+proto" });
    expect(reply).toMatchObject({ status: "0", texts: ["<hi>"] });
  });

  it("ends at its deadline", async () => {
    expect(await call("/t/Never", framed(""), { "grpc-timeout": "20m" })).toMatchObject({ status: "4" });
  });

  it("is not begun when it is whole only after its deadline", async () => {
    const before = echoed;
    const stream = request("/t/Echo", { "grpc-timeout": "20m" });
    const reply = replyOn(stream);
    stream.once("response", () => stream.end(framed("late")));
    expect(await reply).toMatchObject({ status: "4" });
    await call("/t/Empty", framed(""));
    expect(echoed).toBe(before);
  });

  it("is not begun when it is taken back inside its message", async () => {
    const before = echoed;
    const stream = request("/t/Echo");
    stream.write(framed("taken back").subarray(0, 8));
    await new Promise<void>((resolve) => stream.once("close", resolve).close(constants.NGHTTP2_CANCEL));
    await call("/t/Empty", framed(""));
    expect(echoed).toBe(before);
  });
});

describe("a stream", () => {
  it("sends pieces that share their memory", async () => {
    const { status, texts } = await call("/t/Lent", framed(""));
    expect(status).toBe("0");
    expect(texts).toEqual(
      Array.from({ length: PIECES }, (_unused, i) => String.fromCharCode(97 + i).repeat(PIECE_BYTES)),
    );
  });

  it("tells an error after what it has sent", async () => {
    const reply = await call("/t/Breaks", framed(""));
    expect(reply).toMatchObject({ status: "13", message: "broken", texts: ["one"] });
  });

  it("is given up when the client leaves", async () => {
    const before = ended;
    const stream = request("/t/Lent");
    stream.on("error", () => undefined);
    stream.end(framed(""));
    await new Promise((resolve) => stream.once("response", resolve));
    stream.destroy();
    await expect.poll(() => ended).toBe(before + 1);
  });

  it("makes no further piece while the client does not read", async () => {
    const before = made;
    const stream = request("/t/Lent");
    stream.end(framed(""));
    await new Promise((resolve) => stream.once("response", resolve));
    await new Promise<void>((resolve) => client.ping(() => resolve()));
    expect(made - before).toBeLessThan(PIECES);
    expect(await replyOn(stream)).toMatchObject({ status: "0", texts: { length: PIECES } });
  });
});

describe("a server that ends", () => {
  it("lets calls end and takes no new ones", async () => {
    const path = join(folder, "ending");
    const ending = await serve(path);
    const session = open(path);
    await new Promise((resolve) => session.once("connect", resolve));
    const stream = request("/t/Slow", {}, session);
    const reply = replyOn(stream);
    stream.end(framed(""));
    await new Promise<void>((resolve) => session.ping(() => resolve()));
    const gone = new Promise((resolve) => session.once("goaway", resolve));
    const stopped = ending.stop();
    expect(await gone).toBe(constants.NGHTTP2_NO_ERROR);
    release();
    expect(await reply).toMatchObject({ status: "0", texts: ["done"] });
    await stopped;
    const late = connectSocket(path);
    expect(await new Promise((resolve) => late.once("error", () => resolve("refused")))).toBe("refused");
  });

  it("ends what watches its health, which would not end by itself", async () => {
    const path = join(folder, "watched");
    const ending = await serve(path);
    const session = open(path);
    const stream = request(HEALTH_WATCH, {}, session);
    const reply = replyOn(stream);
    stream.end(framed(""));
    await new Promise((resolve) => stream.once("response", resolve));
    await ending.stop();
    expect(await reply).toMatchObject({ status: "14", message: "the server ends" });
  });
});

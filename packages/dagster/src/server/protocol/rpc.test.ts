import { connect, type ClientHttp2Session } from "node:http2";
import { connect as connectSocket } from "node:net";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Listening, listen } from "../listen.ts";
import { decodeMessage, encodeMessage } from "./codec.ts";
import { frameOf, PREFIX_BYTES } from "./frames.ts";
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

/** The same memory for every piece, as answers from a file have it. */
async function* lent() {
  const buffer = Buffer.alloc(PIECE_BYTES);
  try {
    for (let i = 0; i < PIECES; i++) yield { text: buffer.fill(97 + i) };
  } finally {
    ended++;
  }
}

const methods = new Map([
  ["/t/Echo", method(({ text }) => ({ text: `<${text}>` }))],
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

let folder = "";
let server: Listening;
let client: ClientHttp2Session;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "rpc-"));
  const path = join(folder, "socket");
  server = await listen(methods, { kind: "socket", path });
  client = connect("http://localhost", { createConnection: () => connectSocket(path) });
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

const call = (path: string, body: Uint8Array, headers: Record<string, string> = {}): Promise<Reply> =>
  new Promise((resolve, reject) => {
    const stream = client.request({
      ":method": "POST",
      ":path": path,
      "content-type": "application/grpc",
      ...headers,
    });
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
    stream.end(body);
  });

const framed = (text: string): Buffer => Buffer.concat(frameOf([encodeMessage(shape, { text })]));

describe("a call", () => {
  it("is answered", async () => {
    expect(await call("/t/Echo", framed("hi"))).toMatchObject({ status: "0", texts: ["<hi>"] });
  });

  it("may come compressed", async () => {
    const packed = gzipSync(encodeMessage(shape, { text: "packed" }));
    const body = Buffer.concat(frameOf([packed]));
    body[0] = 1;
    expect(await call("/t/Echo", body, { "grpc-encoding": "gzip" })).toMatchObject({ texts: ["<packed>"] });
    expect(await call("/t/Echo", body, { "grpc-encoding": "snappy" })).toMatchObject({ status: "12" });
    expect(await call("/t/Echo", body, { "grpc-encoding": "deflate" })).toMatchObject({ status: "13" });
  });

  it("ends with a status and a text when it fails", async () => {
    const reply = await call("/t/Fail", framed(""));
    expect(reply).toMatchObject({ httpStatus: 200, status: "13", message: "no: 100 %25 gr%C3%BCn" });
  });

  it.each([
    ["an unknown method", "/t/None", framed(""), "12"],
    ["a message that is cut off", "/t/Echo", framed("hello").subarray(0, 8), "13"],
    ["no message", "/t/Echo", new Uint8Array(), "13"],
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

  it("that is not gRPC is told so", async () => {
    expect(await call("/t/Echo", framed(""), { "content-type": "text/plain" })).toMatchObject({
      httpStatus: 415,
    });
  });

  it("ends at its deadline", async () => {
    expect(await call("/t/Never", framed(""), { "grpc-timeout": "20m" })).toMatchObject({ status: "4" });
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
    const stream = client.request({
      ":method": "POST",
      ":path": "/t/Lent",
      "content-type": "application/grpc",
    });
    stream.on("error", () => undefined);
    stream.end(framed(""));
    await new Promise((resolve) => stream.once("response", resolve));
    stream.destroy();
    await expect.poll(() => ended).toBe(before + 1);
  });
});

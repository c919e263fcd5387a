import type { ServerHttp2Stream } from "node:http2";
import { promisify } from "node:util";
import { gunzip, inflate } from "node:zlib";
import { maxReceiveBytes } from "./limits.ts";
import { RpcError, STATUS } from "./status.ts";

/** Flag of compression and length of the message. */
export const PREFIX_BYTES = 5;
/** Smaller parts are copied together: each write has its price. */
const LARGE_PART_BYTES = 16_384;

const unpackers = { gzip: promisify(gunzip), deflate: promisify(inflate) } as const;
export const ENCODINGS = ["identity", ...Object.keys(unpackers)].join(",");

const isKnown = (encoding: string): encoding is keyof typeof unpackers => Object.hasOwn(unpackers, encoding);

const tooLarge = (bytes: number | string): RpcError =>
  new RpcError(
    STATUS.resourceExhausted,
    `Received message larger than max (${bytes} vs. ${maxReceiveBytes()})`,
  );

/** The one message of a request. Fails with an `RpcError` when there is another number of them, or it cannot be read. */
export const readMessage = async (stream: ServerHttp2Stream, encoding: string): Promise<Buffer> => {
  const frame = await readFrame(stream);
  const message = frame.subarray(PREFIX_BYTES);
  if (frame[0] === 0) return message;
  if (frame[0] !== 1)
    throw new RpcError(STATUS.internal, `a message starts with the unknown flag ${frame[0]}`);
  if (encoding === "identity") {
    throw new RpcError(
      STATUS.internal,
      "the message is marked as compressed, but the call names no grpc-encoding",
    );
  }
  if (!isKnown(encoding)) {
    throw new RpcError(STATUS.unimplemented, `messages in encoding "${encoding}" cannot be read`);
  }
  try {
    return await unpackers[encoding](message, { maxOutputLength: maxReceiveBytes() });
  } catch (error) {
    if (error instanceof RangeError) throw tooLarge("unpacked");
    throw new RpcError(STATUS.internal, `the message is no ${encoding} data`);
  }
};

/** The only frame of the stream; an iterator would end the whole stream where it stops reading. */
const readFrame = (stream: ServerHttp2Stream): Promise<Buffer> =>
  new Promise((resolve, reject) => {
    const parts: Buffer[] = [];
    let received = 0;
    let size: number | undefined;
    const refuse = (error: RpcError): void => {
      // Nothing more is kept: the limit holds whatever the client goes on to send.
      stream.removeAllListeners("data");
      reject(error);
    };
    stream.on("data", (part: Buffer) => {
      parts.push(part);
      received += part.length;
      if (size === undefined && received >= PREFIX_BYTES) {
        const length = Buffer.concat(parts).readUInt32BE(1);
        if (length > maxReceiveBytes()) return refuse(tooLarge(length));
        size = PREFIX_BYTES + length;
      }
      if (size !== undefined && received > size) {
        refuse(new RpcError(STATUS.unimplemented, "the call sends more than one message and takes one"));
      }
    });
    stream.once("end", () => {
      if (received === 0)
        reject(new RpcError(STATUS.unimplemented, "the call sends no message and takes one"));
      else if (received !== size) {
        reject(new RpcError(STATUS.internal, "the request ended before its message did"));
      } else resolve(Buffer.concat(parts, size));
    });
    // After the end this settles nothing; before it, the client has taken the call back.
    stream.once("close", () => reject(new RpcError(STATUS.cancelled, "the client has left")));
  });

/** A message as it is written: few buffers, of which large ones are the caller's own. */
export const frameOf = (parts: readonly Uint8Array[]): readonly Uint8Array[] => {
  const prefix = Buffer.alloc(PREFIX_BYTES);
  prefix.writeUInt32BE(
    parts.reduce((sum, part) => sum + part.length, 0),
    1,
  );
  const frame: Uint8Array[] = [];
  let small: Uint8Array[] = [prefix];
  for (const part of parts) {
    if (part.length < LARGE_PART_BYTES) small.push(part);
    else {
      frame.push(Buffer.concat(small), part);
      small = [];
    }
  }
  if (small.length > 0) frame.push(Buffer.concat(small));
  return frame;
};

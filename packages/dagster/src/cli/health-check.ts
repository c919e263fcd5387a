import { connect } from "node:http2";
import { connect as connectSocket } from "node:net";
import type { ListenAddress } from "../server/listen.ts";
import { decodeMessage, encodeParts } from "../server/protocol/codec.ts";
import { frameOf, PREFIX_BYTES } from "../server/protocol/frames.ts";
import { HEALTH_CHECK, healthReply, healthRequest, SERVING } from "../server/protocol/health.ts";
import { addressFrom } from "./address.ts";
import { parseFlags } from "./flags.ts";

const TIMEOUT_MS = 5_000;

const targetOf = (address: ListenAddress): string =>
  address.kind === "socket" ? `unix:${address.path}` : `${address.host}:${address.port}`;

/** The status that a server tells of itself. */
const check = (address: ListenAddress): Promise<number> =>
  new Promise((resolve, reject) => {
    const session =
      address.kind === "socket"
        ? connect("http://localhost", { createConnection: () => connectSocket(address.path) })
        : connect(`http://${targetOf(address)}`);
    const fail = (error: Error): void => {
      session.destroy();
      reject(error);
    };
    session.once("error", fail);
    session.setTimeout(TIMEOUT_MS, () => fail(new Error(`no answer within ${TIMEOUT_MS / 1000} s`)));
    const call = session.request({
      ":method": "POST",
      ":path": HEALTH_CHECK,
      "content-type": "application/grpc",
      te: "trailers",
    });
    const parts: Buffer[] = [];
    let status = "";
    const note = (headers: Readonly<Record<string, unknown>>): void => {
      const { "grpc-status": code, "grpc-message": message } = headers;
      if (code !== undefined && code !== "0") status = `status ${code}: ${message ?? ""}`;
    };
    call.once("error", fail);
    call.on("response", note);
    call.on("trailers", note);
    call.on("data", (part: Buffer) => parts.push(part));
    call.once("end", () => {
      session.close();
      if (status !== "") reject(new Error(status));
      else resolve(decodeMessage(healthReply, Buffer.concat(parts).subarray(PREFIX_BYTES)).status);
    });
    for (const part of frameOf(encodeParts(healthRequest, { service: "DagsterApi" }))) call.write(part);
    call.end();
  });

/** `api grpc-health-check -p N`: exit code 0 when the server answers. */
export const healthCheck = async (argv: readonly string[]): Promise<number> => {
  const parsed = parseFlags(argv, {
    flags: { port: "text", host: "text", socket: "text" },
    aliases: { "-p": "port", "-h": "host", "-s": "socket" },
    ignoreUnknown: true,
  });
  const address = addressFrom(parsed, process.env);
  const target = targetOf(address);
  try {
    if ((await check(address)) === SERVING) return 0;
    process.stderr.write(`the server on ${target} is not serving\n`);
  } catch (error) {
    process.stderr.write(
      `no healthy server on ${target}: ${error instanceof Error ? error.message : error}\n`,
    );
  }
  return 1;
};

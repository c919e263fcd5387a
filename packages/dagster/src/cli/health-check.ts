import { Client, credentials } from "@grpc/grpc-js";
import { decodeMessage, encodeMessage } from "../server/protocol/codec.ts";
import { addressFrom } from "./address.ts";
import { parseFlags } from "./flags.ts";

const request = { service: [1, "string"] } as const;
const reply = { status: [1, "int32"] } as const;
const SERVING = 1;
const TIMEOUT_MS = 5_000;

const check = (target: string): Promise<number> =>
  new Promise((resolve, reject) => {
    const client = new Client(target, credentials.createInsecure());
    client.makeUnaryRequest(
      "/grpc.health.v1.Health/Check",
      (message: { service: string }) => encodeMessage(request, message),
      (bytes: Buffer) => decodeMessage(reply, bytes),
      { service: "DagsterApi" },
      { deadline: Date.now() + TIMEOUT_MS },
      (error, answer) => {
        client.close();
        if (error) reject(error);
        else resolve(answer?.status ?? 0);
      },
    );
  });

/** `api grpc-health-check -p N`: exit code 0 when the server answers. */
export const healthCheck = async (argv: readonly string[]): Promise<number> => {
  const parsed = parseFlags(argv, {
    flags: { port: "text", host: "text", socket: "text" },
    aliases: { "-p": "port", "-h": "host", "-s": "socket" },
    ignoreUnknown: true,
  });
  const address = addressFrom(parsed, process.env);
  const target = address.kind === "socket" ? `unix:${address.path}` : `${address.host}:${address.port}`;
  try {
    if ((await check(target)) === SERVING) return 0;
    process.stderr.write(`the server on ${target} is not serving\n`);
  } catch (error) {
    process.stderr.write(
      `no healthy server on ${target}: ${error instanceof Error ? error.message : error}\n`,
    );
  }
  return 1;
};

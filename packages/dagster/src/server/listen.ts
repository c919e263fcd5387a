import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { Server, ServerCredentials, type UntypedServiceImplementation } from "@grpc/grpc-js";
import { dagsterApi } from "./protocol/grpc-service.ts";
import { healthHandlers, healthService } from "./protocol/health.ts";

export type ListenAddress =
  | { readonly kind: "tcp"; readonly host: string; readonly port: number }
  | { readonly kind: "socket"; readonly path: string };

/** PEM files. */
export interface TlsFiles {
  readonly certificate: string;
  readonly key: string;
}

/** The address cannot be listened on. */
export class ListenError extends Error {
  override readonly name = "ListenError";
}

/** The host's own limits; the library would refuse requests above 4 MiB. */
const MAX_MESSAGE_BYTES = 100 * 1024 * 1024;

const targetOf = (address: ListenAddress): string => {
  if (address.kind === "socket") return `unix:${resolve(address.path)}`;
  const host =
    address.host.includes(":") && !address.host.startsWith("[") ? `[${address.host}]` : address.host;
  return `${host}:${address.port}`;
};

const explain = (address: ListenAddress, error: Error): string => {
  const place =
    address.kind === "socket" ? `socket ${address.path}` : `port ${address.port} on ${address.host}`;
  if (/EADDRINUSE|in use/.test(error.message)) {
    const advice =
      address.kind === "socket" ? "remove it if no process uses it" : "stop it or choose another --port";
    return `${place} is in use by another process: ${advice}`;
  }
  if (/EACCES/.test(error.message)) return `${place} needs more rights than this process has`;
  return `cannot listen on ${place}: ${error.message}`;
};

const credentials = (tls: TlsFiles | undefined): ServerCredentials =>
  tls === undefined
    ? ServerCredentials.createInsecure()
    : ServerCredentials.createSsl(null, [
        { cert_chain: readFileSync(tls.certificate), private_key: readFileSync(tls.key) },
      ]);

export interface Listening {
  readonly server: Server;
  /** The port in use; 0 was asked for a free one. */
  readonly port: number;
}

/** Starts to answer. Fails with a `ListenError` that says what to do. */
export const listen = async (
  handlers: UntypedServiceImplementation,
  address: ListenAddress,
  tls?: TlsFiles,
): Promise<Listening> => {
  const server = new Server({
    "grpc.max_receive_message_length": MAX_MESSAGE_BYTES,
    "grpc.max_send_message_length": -1,
  });
  server.addService(dagsterApi, handlers);
  server.addService(healthService, healthHandlers);
  const port = await new Promise<number>((fulfil, reject) => {
    server.bindAsync(targetOf(address), credentials(tls), (error, bound) => {
      if (error) reject(new ListenError(explain(address, error), { cause: error }));
      else fulfil(bound);
    });
  });
  return { server, port };
};

const GRACE_MS = 5_000;

/** Lets calls end, then closes; streams that stay open do not hold the process. */
export const stopListening = (server: Server): Promise<void> =>
  new Promise((fulfil) => {
    const timer = setTimeout(() => server.forceShutdown(), GRACE_MS);
    server.tryShutdown(() => {
      clearTimeout(timer);
      fulfil();
    });
  });

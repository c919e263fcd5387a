import { lookup } from "node:dns/promises";
import { readFileSync } from "node:fs";
import {
  createSecureServer,
  createServer,
  type Http2SecureServer,
  type Http2Server,
  type ServerHttp2Session,
  type ServerHttp2Stream,
} from "node:http2";
import { isIP } from "node:net";
import { resolve } from "node:path";
import { HEALTH_WATCH, healthMethods } from "./protocol/health.ts";
import { answerCall, finish, type RpcMethod } from "./protocol/rpc.ts";
import { STATUS } from "./protocol/status.ts";

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

type Server = Http2Server | Http2SecureServer;

export interface Listening {
  /** The port in use; 0 was asked for a free one. */
  readonly port: number;
  /** Lets calls end, then closes; streams that stay open do not hold the process. */
  stop(): Promise<void>;
}

/** What is being sent is bounded by waiting for each message, not by the session. */
const MAX_SESSION_MEGABYTES = 1_000_000;

const newServer = (tls: TlsFiles | undefined): Server => {
  const options = { maxSessionMemory: MAX_SESSION_MEGABYTES };
  return tls === undefined
    ? createServer(options)
    : createSecureServer({
        ...options,
        cert: readFileSync(tls.certificate),
        key: readFileSync(tls.key),
      });
};

const bind = (server: Server, target: { path: string } | { host: string; port: number }): Promise<number> =>
  new Promise((fulfil, reject) => {
    server.once("error", reject);
    server.listen(target, () => {
      server.off("error", reject);
      // What cannot be accepted, because the process has no file left for it, must not end the calls that run.
      server.on("error", () => undefined);
      const bound = server.address();
      fulfil(typeof bound === "object" && bound !== null ? bound.port : 0);
    });
  });

/** A name such as `localhost` may stand for several addresses, and a client may try any of them. */
const addressesOf = async (host: string): Promise<readonly string[]> => {
  const plain = host.replace(/^\[(.*)\]$/, "$1");
  if (isIP(plain) !== 0) return [plain];
  return (await lookup(plain, { all: true })).map(({ address }) => address);
};

const GRACE_MS = 5_000;

/** Starts to answer. Fails with a `ListenError` that says what to do. */
export const listen = async (
  methods: ReadonlyMap<string, RpcMethod>,
  address: ListenAddress,
  tls?: TlsFiles,
): Promise<Listening> => {
  const all = new Map([...methods, ...healthMethods]);
  const sessions = new Set<ServerHttp2Session>();
  const watches = new Set<ServerHttp2Stream>();
  const servers: Server[] = [];
  const start = async (target: Parameters<typeof bind>[1]): Promise<number> => {
    const server = newServer(tls);
    server.on("session", (session) => {
      sessions.add(session);
      session.on("error", () => undefined);
      session.once("close", () => sessions.delete(session));
    });
    server.on("stream", (stream, headers) => {
      if (headers[":path"] === HEALTH_WATCH) {
        watches.add(stream);
        stream.once("close", () => watches.delete(stream));
      }
      void answerCall(stream, headers, all);
    });
    const port = await bind(server, target);
    servers.push(server);
    return port;
  };
  const stop = async (): Promise<void> => {
    const closed = servers.map((server) => new Promise<void>((fulfil) => server.close(() => fulfil())));
    for (const session of sessions) session.close();
    // They would never end by themselves.
    for (const stream of watches) finish(stream, STATUS.unavailable, "the server ends");
    const timer = setTimeout(() => {
      for (const session of sessions) session.destroy();
    }, GRACE_MS);
    await Promise.all(closed);
    clearTimeout(timer);
  };
  try {
    return { port: await startAll(address, start), stop };
  } catch (error) {
    await stop();
    const cause = error instanceof Error ? error : new Error(String(error));
    throw new ListenError(explain(address, cause), { cause });
  }
};

/** Listens on every address of the host that this machine has; gives the port that they share. */
const startAll = async (
  address: ListenAddress,
  start: (target: Parameters<typeof bind>[1]) => Promise<number>,
): Promise<number> => {
  if (address.kind === "socket") return start({ path: resolve(address.path) });
  let port: number | undefined;
  let missing: unknown;
  for (const host of await addressesOf(address.host)) {
    try {
      port = await start({ host, port: port ?? address.port });
    } catch (error) {
      if (!isMissing(error)) throw error;
      missing = error;
    }
  }
  if (port === undefined) throw missing;
  return port;
};

/** IPv6 may be named by the system and switched off. */
const isMissing = (error: unknown): boolean =>
  ["EADDRNOTAVAIL", "EAFNOSUPPORT"].includes(String((error as NodeJS.ErrnoException).code));

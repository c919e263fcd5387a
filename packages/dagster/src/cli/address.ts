import type { ListenAddress, TlsFiles } from "../server/listen.ts";
import type { ParsedFlags } from "./flags.ts";
import { UsageError } from "./program.ts";

type Env = Readonly<Record<string, string | undefined>>;

const parsePort = (text: string): number => {
  const port = Number(text);
  if (!/^\d+$/.test(text) || port > 65_535)
    throw new UsageError(`--port must be a number up to 65535, got ${text}`);
  return port;
};

/** Where to listen: flags first, then the variables that Dagster's images set. */
export const addressFrom = (flags: ParsedFlags, env: Env, fallbackPort?: number): ListenAddress => {
  const path = flags.text("socket");
  const given = flags.text("port");
  if (path !== undefined && given !== undefined)
    throw new UsageError("give either --port or --socket, not both");
  if (path !== undefined) return { kind: "socket", path };
  const port = given ?? env.DAGSTER_GRPC_PORT;
  const socket = given === undefined ? env.DAGSTER_GRPC_SOCKET : undefined;
  if (port === undefined && socket !== undefined) return { kind: "socket", path: socket };
  if (port === undefined && fallbackPort === undefined)
    throw new UsageError("give --port N or --socket PATH");
  return {
    kind: "tcp",
    host: flags.text("host") ?? env.DAGSTER_GRPC_HOST ?? "localhost",
    port: port === undefined ? (fallbackPort ?? 0) : parsePort(port),
  };
};

export const tlsFrom = (flags: ParsedFlags): { readonly tls?: TlsFiles } => {
  const certificate = flags.text("tls-cert");
  const key = flags.text("tls-key");
  if (certificate === undefined && key === undefined) return {};
  if (certificate === undefined || key === undefined)
    throw new UsageError("--tls-cert and --tls-key belong together");
  return { tls: { certificate, key } };
};

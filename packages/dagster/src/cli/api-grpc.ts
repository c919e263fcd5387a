import { resolve } from "node:path";
import { readStateInfo } from "../state/state-info.ts";
import { addressFrom, tlsFrom } from "./address.ts";
import { beginServer } from "./begin-server.ts";
import { parseFlags } from "./flags.ts";
import type { Program } from "./program.ts";
import { UsageError } from "./program.ts";
import { runUntilStopped } from "./run-until-stopped.ts";

/**
 * Flags of Dagster's `api grpc` and `code-server start`. The ones that concern a Python process are known so that
 * their values are skipped for certain; anything newer is guessed.
 */
const table = {
  flags: {
    port: "text",
    socket: "text",
    host: "text",
    "working-directory": "text",
    "python-file": "text",
    "module-name": "text",
    "package-name": "text",
    "autoload-defs-module-name": "text",
    attribute: "text",
    project: "text",
    heartbeat: "switch",
    "heartbeat-timeout": "text",
    "startup-timeout": "text",
    "max-workers": "text",
    max_workers: "text",
    "lazy-load-user-code": "switch",
    "use-python-environment-entry-point": "switch",
    "empty-working-directory": "switch",
    "fixed-server-id": "text",
    "log-level": "text",
    "log-format": "text",
    "container-image": "text",
    "container-context": "text",
    "inject-env-vars-from-instance": "switch",
    "instance-ref": "text",
    "location-name": "text",
    "enable-metrics": "switch",
    "defs-state-info": "text",
    "tls-cert": "text",
    "tls-key": "text",
  },
  aliases: {
    "-p": "port",
    "-s": "socket",
    "-h": "host",
    "-d": "working-directory",
    "-f": "python-file",
    "-m": "module-name",
    "-a": "attribute",
    "-n": "max-workers",
  },
  ignoreUnknown: true,
} as const;

const HEARTBEAT_TIMEOUT_SECONDS = 30;

const seconds = (text: string | undefined): number => {
  const value = Number(text ?? HEARTBEAT_TIMEOUT_SECONDS);
  if (!(value > 0)) throw new UsageError(`--heartbeat-timeout must be a number of seconds, got ${text}`);
  return value;
};

const optional = <K extends string>(key: K, value: string | undefined): { readonly [P in K]?: string } =>
  (value === undefined ? {} : { [key]: value }) as { readonly [P in K]?: string };

/** `api grpc …` and `code-server start …`, as Dagster's own processes and images start a code server. */
export const apiGrpc = async (program: Program, argv: readonly string[]): Promise<number> => {
  const parsed = parseFlags(argv, table);
  const { env } = process;
  const folder = parsed.text("project") ?? env.DAGSTER_TS_PROJECT ?? parsed.text("working-directory") ?? ".";
  const pinned = parsed.text("defs-state-info");
  const level = parsed.text("log-level");
  if (level !== undefined) env.DAGSTER_TS_LOG_LEVEL ??= level;
  const server = await beginServer(program, {
    projectRoot: resolve(folder),
    address: addressFrom(parsed, env),
    ...tlsFrom(parsed),
    ...optional("containerImage", parsed.text("container-image") ?? env.DAGSTER_CONTAINER_IMAGE),
    ...optional("containerContext", parsed.text("container-context") ?? env.DAGSTER_CONTAINER_CONTEXT),
    ...optional("instanceRef", parsed.text("instance-ref") ?? env.DAGSTER_INSTANCE_REF),
    ...(pinned === undefined ? {} : { pinned: readStateInfo(pinned) }),
    ...(parsed.has("heartbeat")
      ? { heartbeatTimeoutSeconds: seconds(parsed.text("heartbeat-timeout")) }
      : {}),
  });
  return runUntilStopped(server);
};

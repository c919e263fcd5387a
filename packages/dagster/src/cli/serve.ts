import { resolve } from "node:path";
import { log } from "../server/log.ts";
import { addressFrom, tlsFrom } from "./address.ts";
import { beginServer } from "./begin-server.ts";
import { parseFlags } from "./flags.ts";
import type { Program } from "./program.ts";
import { runUntilStopped } from "./run-until-stopped.ts";

const flags = {
  flags: {
    project: "text",
    host: "text",
    port: "text",
    socket: "text",
    "tls-cert": "text",
    "tls-key": "text",
    "container-image": "text",
  },
  aliases: { "-p": "port", "-h": "host", "-s": "socket" },
} as const;

/** `serve --project DIR --host H --port N`: the code location over gRPC, until it is stopped. */
export const serve = async (program: Program, argv: readonly string[]): Promise<number> => {
  const parsed = parseFlags(argv, flags);
  const projectRoot = resolve(parsed.text("project") ?? ".");
  const containerImage = parsed.text("container-image") ?? process.env.DAGSTER_CONTAINER_IMAGE;
  const instanceRef = process.env.DAGSTER_INSTANCE_REF;
  const containerContext = process.env.DAGSTER_CONTAINER_CONTEXT;
  const address = addressFrom(parsed, process.env, 4000);
  const server = await beginServer(program, {
    projectRoot,
    address,
    ...tlsFrom(parsed),
    ...(containerImage === undefined ? {} : { containerImage }),
    ...(containerContext === undefined ? {} : { containerContext }),
    ...(instanceRef === undefined ? {} : { instanceRef }),
  });
  const place = address.kind === "socket" ? address.path : `${address.host}:${server.port}`;
  log("info", `serving ${projectRoot} on ${place}`);
  return runUntilStopped(server);
};

import { RockyError } from "../errors.ts";
import { startServer } from "../serve/http-server.ts";
import { isLoopback } from "../serve/loopback.ts";
import { defineCommand } from "./command.ts";
import { integerFlag, stringFlag } from "./flags.ts";
import { projectFlags } from "./project-options.ts";
import { globalArguments } from "./to-arguments.ts";

const DEFAULT_PORT = 8080;
const LARGEST_PORT = 65_535;

const untilAborted = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener("abort", () => resolve(), { once: true });
  });

const portInUse = (thrown: unknown, host: string, port: number): RockyError =>
  thrown instanceof Error && "code" in thrown && thrown.code === "EADDRINUSE"
    ? new RockyError("io_failed", `port ${port} of ${host} is in use`, {
        hint: "choose another one with --port",
        cause: thrown,
      })
    : RockyError.from(thrown, "io_failed");

export const serve = defineCommand({
  name: "serve",
  summary: "Answer compile, lineage, metrics and jobs over HTTP until interrupted",
  flags: {
    host: stringFlag("address to listen on (default: 127.0.0.1)", "HOST"),
    port: integerFlag("port to listen on; 0 takes a free one (default: 8080)", { value: "PORT" }),
    token: stringFlag("bearer token that requests must carry (also ROCKY_SERVER_TOKEN)", "TOKEN"),
    ...projectFlags,
  },
  positionals: [],
  run: async ({ flags }, context) => {
    const host = flags.host ?? "127.0.0.1";
    const port = flags.port ?? DEFAULT_PORT;
    if (port > LARGEST_PORT) throw new RockyError("usage", `'${port}' is no port`);
    const token = flags.token ?? context.env.ROCKY_SERVER_TOKEN;
    if ((token === undefined || token === "") && !isLoopback(host)) {
      throw new RockyError("usage", `listening on ${host} needs a token`, {
        hint: "set ROCKY_SERVER_TOKEN, or listen on 127.0.0.1",
      });
    }
    const { invoke } = context;
    if (invoke === undefined) throw new RockyError("internal", "serve cannot run other commands here");
    const globals = globalArguments(context);
    const { server, settle } = await startServer({
      host,
      port,
      token: token === "" ? undefined : token,
      models: flags.models === undefined ? [] : [`--models=${flags.models}`],
      invoke: (argv) => invoke([...globals, ...argv]),
    }).catch((thrown: unknown) => {
      throw portInUse(thrown, host, port);
    });
    const address = server.address();
    const actual = typeof address === "object" && address !== null ? address.port : port;
    context.emit({
      level: "info",
      message: `listening on http://${host}:${actual}`,
      fields: { event: "serving", host, port: actual },
    });
    await untilAborted(context.signal);
    server.close();
    server.closeAllConnections();
    await settle();
    return { text: "" };
  },
});

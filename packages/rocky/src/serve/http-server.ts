import { createHash, timingSafeEqual } from "node:crypto";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { InvocationResult } from "../commands/invocation.ts";
import { ENGINE_VERSION } from "../version.ts";
import { createJobs } from "./jobs.ts";
import { isLoopback } from "./loopback.ts";
import { type JobKind, type Route, routeOf } from "./routes.ts";

export interface ServeOptions {
  readonly host: string;
  readonly port: number;
  /** Required of every request but `health` when given. */
  readonly token: string | undefined;
  /** Flags that say where the models lie. */
  readonly models: readonly string[];
  /** Runs a command line of the engine. */
  readonly invoke: (argv: readonly string[]) => Promise<InvocationResult>;
}

/** Bodies are short lists of flags; whatever is longer is a mistake or worse. */
const LARGEST_BODY_BYTES = 64 * 1024;

const send = (response: ServerResponse, status: number, body: unknown): void => {
  const text = typeof body === "string" ? body : JSON.stringify(body);
  response.writeHead(status, {
    "content-type": "application/json",
    "content-length": Buffer.byteLength(text),
  });
  response.end(text);
};

const sendError = (
  response: ServerResponse,
  status: number,
  code: string,
  message: string,
  extra: object = {},
): void => send(response, status, { code, message, ...extra });

const digest = (text: string): Buffer => createHash("sha256").update(text).digest();

/** Compared in constant time, so that a token cannot be guessed letter by letter. */
const isAuthorized = (request: IncomingMessage, token: string | undefined): boolean => {
  if (token === undefined) return true;
  const given = /^Bearer (.+)$/i.exec(request.headers.authorization ?? "")?.[1];
  return given !== undefined && timingSafeEqual(digest(given), digest(token));
};

const hostOf = (authority: string): string | undefined => {
  try {
    return new URL(authority.includes("://") ? authority : `http://${authority}`).hostname;
  } catch {
    return undefined;
  }
};

/**
 * True for a request that a page of another site made the user's browser send, be it by a name that resolves to this
 * machine. Without a token only this machine's own names may ask.
 */
const isForeign = ({ headers }: IncomingMessage): boolean =>
  [headers.host, headers.origin].some((given) => given !== undefined && !isLoopback(hostOf(given) ?? ""));

const readBody = async (request: IncomingMessage): Promise<string | undefined> => {
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of request) {
    const bytes = Buffer.from(part as Uint8Array);
    size += bytes.length;
    if (size > LARGEST_BODY_BYTES) return undefined;
    parts.push(bytes);
  }
  return Buffer.concat(parts).toString("utf8");
};

/** A job that never ends would keep all later ones waiting, and one that only explains itself has done nothing. */
const NOT_FOR_JOBS: ReadonlySet<string> = new Set(["watch", "help"]);

/** `{"filter": "a=b", "all": true}` as flags; `plan_id` is the argument of `apply`. */
const argvOf = (kind: JobKind, body: string): readonly string[] | undefined => {
  let options: unknown;
  try {
    options = body.trim() === "" ? {} : JSON.parse(body);
  } catch {
    return undefined;
  }
  if (typeof options !== "object" || options === null || Array.isArray(options)) return undefined;
  const words: string[] = [kind];
  let planId: string | undefined;
  for (const [name, value] of Object.entries(options) as [string, unknown][]) {
    if (name === "plan_id" && typeof value === "string") planId = value;
    else if (!/^[a-z][a-z_-]*$/.test(name) || NOT_FOR_JOBS.has(name)) return undefined;
    else if (value === true) words.push(`--${name.replaceAll("_", "-")}`);
    else if (typeof value === "string" || typeof value === "number")
      words.push(`--${name.replaceAll("_", "-")}=${value}`);
    else if (value !== false && value !== null) return undefined;
  }
  return planId === undefined ? words : [...words, "--", planId];
};

const answerCommand = async (
  response: ServerResponse,
  route: Extract<Route, { kind: "command" }>,
  options: ServeOptions,
): Promise<void> => {
  const result = await options.invoke(route.argv);
  // Findings are an answer too: a project with errors has a compile output that says so.
  if (result.payload !== undefined) return send(response, 200, result.stdout);
  const message = result.stderr.replace(/^Error: /, "").split("\n")[0] ?? "";
  if (result.error?.code === "unknown_name" && route.model !== undefined) {
    return sendError(response, 404, "model_not_found", message);
  }
  if (result.error?.code === "state_locked") return sendError(response, 503, "engine_busy", message);
  return sendError(response, 500, "internal_error", message);
};

/** Starts listening; answers once the port is open. */
export const startServer = (
  options: ServeOptions,
): Promise<{ readonly server: Server; readonly settle: () => Promise<void> }> => {
  const jobs = createJobs(options.invoke);

  const submit = async (request: IncomingMessage, response: ServerResponse, kind: JobKind): Promise<void> => {
    const body = await readBody(request);
    if (body === undefined) {
      const message = `the body is longer than ${LARGEST_BODY_BYTES} bytes`;
      return sendError(response, 413, "bad_request", message);
    }
    const argv = argvOf(kind, body);
    if (argv === undefined)
      return sendError(
        response,
        400,
        "bad_request",
        "the body must be a JSON object of flags of this command",
      );
    const job = jobs.submit(kind, argv);
    if (job !== undefined) return send(response, 202, job);
    const running = jobs.running();
    sendError(response, 409, "mutation_in_progress", "another run or apply is in progress", {
      remediation_hint: "wait for it, or ask for its status",
      ...(running === undefined ? {} : { running_job_id: running }),
    });
  };

  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const url = new URL(request.url ?? "/", "http://localhost");
    const route = routeOf(request.method ?? "GET", url, options.models);
    if (route.kind === "health") return send(response, 200, { status: "ok", version: ENGINE_VERSION });
    if (options.token === undefined && isForeign(request))
      return sendError(response, 403, "forbidden", "requests of other sites need a token", {
        remediation_hint: "start the server with --token, and send it",
      });
    if (!isAuthorized(request, options.token)) {
      return sendError(response, 401, "unauthorized", "a bearer token is required");
    }
    switch (route.kind) {
      case "command":
        return answerCommand(response, route, options);
      case "submit":
        return submit(request, response, route.job);
      case "job": {
        const job = jobs.find(route.id);
        if (job === undefined)
          return sendError(response, 404, "job_not_found", `there is no job '${route.id}'`);
        return send(response, 200, job);
      }
      case "unknown":
        return sendError(response, 404, "not_found", `there is nothing at ${request.method} ${url.pathname}`);
      default:
        return route satisfies never;
    }
  };

  const server = createServer((request, response) => {
    answer(request, response).catch((error: unknown) => {
      const broken = error instanceof URIError || error instanceof TypeError;
      if (response.headersSent) response.destroy();
      else if (broken) sendError(response, 400, "bad_request", "the address cannot be read");
      else sendError(response, 500, "internal_error", "the request could not be answered");
    });
  });
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(options.port, options.host, () => resolve({ server, settle: jobs.settle }));
  });
};

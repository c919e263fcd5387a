import { RockyError } from "./errors.ts";
import type { Redact } from "./redaction.ts";
import type { RockyTransport } from "./transport.ts";

export interface HttpOptions {
  readonly serverUrl: string;
  /** Sent as `Authorization: Bearer …` when given. */
  readonly token?: string;
  /** Answers everything that the server has no endpoint for. */
  readonly fallback: RockyTransport;
  readonly redact: Redact;
}

const TIMEOUT_MS = 30_000;

/** Global flags that precede the subcommand, each with one value. */
const GLOBAL_FLAGS: ReadonlySet<string> = new Set([
  "--config",
  "--state-namespace",
  "--state-path",
  "--output",
]);

const withoutGlobals = (argv: readonly string[]): readonly string[] => {
  let at = 0;
  while (GLOBAL_FLAGS.has(argv[at] ?? "")) at += 2;
  return argv.slice(at);
};

const flagValue = (args: readonly string[], flag: string): string | undefined => {
  const at = args.indexOf(flag);
  return at < 0 ? undefined : args[at + 1];
};

const lacksEndpoint = (command: string, flag: string): RockyError =>
  new RockyError(
    "argument",
    `rocky ${command} with ${flag} is not available over server_url; unset server_url to use it`,
  );

/** The endpoint for a command line, or undefined when only a local engine can answer. */
const endpointFor = (argv: readonly string[]): string | undefined => {
  const args = withoutGlobals(argv);
  const [command] = args;
  switch (command) {
    case "compile":
      if (args.includes("--model")) throw lacksEndpoint("compile", "--model");
      return "/api/v1/compile";
    case "lineage": {
      const model = args[args.indexOf("--models") + 2] ?? "";
      const column = flagValue(args, "--column");
      const path = `/api/v1/models/${encodeURIComponent(model)}/lineage`;
      return column === undefined ? path : `${path}/${encodeURIComponent(column)}`;
    }
    case "metrics": {
      const extra = args.slice(2).find((word) => word.startsWith("--"));
      if (extra !== undefined) throw lacksEndpoint("metrics", extra);
      return `/api/v1/models/${encodeURIComponent(args[1] ?? "")}/metrics`;
    }
    default:
      return undefined;
  }
};

/** Reads compile, lineage and metrics from a running `rocky serve`; the rest goes to a local engine. */
export const createHttpTransport = (options: HttpOptions): RockyTransport => {
  const base = options.serverUrl.replace(/\/+$/, "");
  const headers: Record<string, string> = { accept: "application/json" };
  if (options.token !== undefined) headers.authorization = `Bearer ${options.token}`;

  return {
    kind: "http",
    label: options.redact(base),
    ...(options.fallback.versionKey === undefined ? {} : { versionKey: options.fallback.versionKey }),
    async invoke(argv, call = {}) {
      const path = endpointFor(argv);
      if (path === undefined) return options.fallback.invoke(argv, call);
      const url = base + path;
      const startedAt = performance.now();
      const limit = AbortSignal.timeout(Math.min(TIMEOUT_MS, call.timeoutMs ?? TIMEOUT_MS));
      const signal = call.signal === undefined ? limit : AbortSignal.any([limit, call.signal]);
      const fail = (reason: string, cause?: unknown): RockyError =>
        new RockyError(
          "server",
          options.redact(`Rocky server request failed: ${url}: ${reason}`),
          { error: options.redact(reason) },
          cause,
        );
      try {
        const response = await fetch(url, { headers, signal });
        const body = await response.text();
        if (!response.ok) {
          const hint =
            response.status === 401 ? " (set ROCKY_SERVER_TOKEN for a server that asks for a token)" : "";
          throw fail(`HTTP ${response.status}${hint}`);
        }
        return {
          exitCode: 0,
          stdout: body,
          stderrTail: "",
          durationMs: Math.round(performance.now() - startedAt),
        };
      } catch (error) {
        if (error instanceof RockyError) throw error;
        if (call.signal?.aborted)
          throw new RockyError("canceled", "The request was stopped because the run was canceled");
        throw fail(error instanceof Error ? error.message : String(error), error);
      }
    },
  };
};

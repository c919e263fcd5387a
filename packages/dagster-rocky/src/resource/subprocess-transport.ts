import { spawn } from "node:child_process";
import { parseEngineLine } from "./engine-log.ts";
import { RockyError } from "./errors.ts";
import { adopt, endGroup, killGroup } from "./process-group.ts";
import type { Redact } from "./redaction.ts";
import type { InvokeOptions, RockyTransport, TransportReply } from "./transport.ts";

export interface SubprocessOptions {
  /** An absolute path. */
  readonly binary: string;
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly redact: Redact;
  /** How long a canceled or overdue engine may take to end by itself. */
  readonly graceMs?: number;
}

const DEFAULT_GRACE_MS = 5_000;
/** How long output of a helper that outlived the engine is still awaited. */
const DRAIN_MS = 2_000;
const TAIL_LINES = 20;

/** The engine must not believe that it runs under Dagster Pipes because this process does. */
const engineEnvironment = (
  parent: Readonly<Record<string, string | undefined>>,
  extra: Readonly<Record<string, string>> | undefined,
): NodeJS.ProcessEnv => {
  const kept = Object.entries(parent).filter(([name]) => !name.startsWith("DAGSTER_PIPES_"));
  return { ROCKY_SUPPRESS_DEPRECATION: "1", ...Object.fromEntries(kept), ...extra };
};

const startError = (binary: string, error: NodeJS.ErrnoException): RockyError => {
  const reason = error.code === "EACCES" ? "it is not executable" : error.message;
  return new RockyError(
    "binary",
    `Cannot start the rocky executable ${binary}: ${reason}`,
    { binary_path: binary },
    error,
  );
};

/** Splits a stream into lines as they come. */
const lineSplitter = (onLine: (line: string) => void) => {
  let rest = "";
  return {
    push(chunk: string): void {
      const lines = (rest + chunk).split("\n");
      rest = lines.pop() ?? "";
      for (const line of lines) onLine(line);
    },
    end(): void {
      if (rest !== "") onLine(rest);
      rest = "";
    },
  };
};

type Ending = "exited" | "timeout" | "canceled";

/** Runs an engine executable in a process group of its own. */
export const createSubprocessTransport = (options: SubprocessOptions): RockyTransport => {
  const { binary, cwd, redact } = options;
  const graceMs = options.graceMs ?? DEFAULT_GRACE_MS;

  const invoke = (argv: readonly string[], call: InvokeOptions = {}): Promise<TransportReply> =>
    new Promise((resolve, reject) => {
      const { signal, timeoutMs, onEvent } = call;
      const startedAt = performance.now();
      if (signal?.aborted) {
        reject(new RockyError("canceled", "The run was canceled before the engine was called"));
        return;
      }
      const child = spawn(binary, [...argv], {
        cwd,
        env: engineEnvironment(options.env, call.env),
        detached: true,
        stdio: ["ignore", "pipe", "pipe"],
      });
      adopt(child);

      const stdout: Buffer[] = [];
      const tail: string[] = [];
      const lines = lineSplitter((raw) => {
        const line = redact(raw);
        if (line.trim() === "") return;
        tail.push(line);
        if (tail.length > TAIL_LINES) tail.shift();
        const event = parseEngineLine(line);
        if (event !== undefined) onEvent?.(event);
      });
      child.stdout.on("data", (chunk: Buffer) => stdout.push(chunk));
      child.stderr.setEncoding("utf8").on("data", (chunk: string) => lines.push(chunk));

      let ending: Ending = "exited";
      let stopCountdown = (): void => {};
      const end = (how: Ending): void => {
        if (ending !== "exited" || child.pid === undefined) return;
        ending = how;
        stopCountdown = endGroup(child.pid, graceMs);
      };
      const onAbort = (): void => end("canceled");
      signal?.addEventListener("abort", onAbort, { once: true });
      const watchdog = timeoutMs === undefined ? undefined : setTimeout(() => end("timeout"), timeoutMs);
      let drain: NodeJS.Timeout | undefined;

      const settle = (): void => {
        clearTimeout(watchdog);
        clearTimeout(drain);
        stopCountdown();
        signal?.removeEventListener("abort", onAbort);
      };
      child.once("error", (error: NodeJS.ErrnoException) => {
        settle();
        reject(startError(binary, error));
      });
      child.once("exit", () => {
        if (child.pid !== undefined && ending !== "exited") killGroup(child.pid);
        drain = setTimeout(() => {
          child.stdout.destroy();
          child.stderr.destroy();
        }, DRAIN_MS);
      });
      child.once("close", (code, killedBy) => {
        settle();
        lines.end();
        const durationMs = Math.round(performance.now() - startedAt);
        const stderrTail = tail.join("\n");
        const facts = { stderr_tail: stderrTail, duration_ms: durationMs, pid: child.pid ?? 0 };
        if (ending === "timeout") {
          const seconds = (timeoutMs ?? 0) / 1000;
          reject(
            new RockyError("timeout", `The engine did not end within ${seconds} s and was stopped`, facts),
          );
        } else if (ending === "canceled") {
          reject(new RockyError("canceled", "The engine was stopped because the run was canceled", facts));
        } else if (code === null) {
          reject(new RockyError("command", `The engine was ended by ${killedBy ?? "a signal"}`, facts));
        } else {
          const reply = {
            exitCode: code,
            stdout: Buffer.concat(stdout).toString("utf8"),
            stderrTail,
            durationMs,
          };
          resolve(child.pid === undefined ? reply : { ...reply, pid: child.pid });
        }
      });
    });

  return { kind: "cli", label: binary, versionKey: binary, invoke };
};

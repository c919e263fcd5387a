import { RockyError } from "./errors.ts";
import type { Redact } from "./redaction.ts";
import type { EngineEvent, RockyTransport } from "./transport.ts";

export interface EmbeddedOptions {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly redact: Redact;
  /** How long a stopped engine may take to let go before its caller goes on without it. */
  readonly graceMs?: number;
}

const DEFAULT_GRACE_MS = 10_000;

/** Resolves some time after the signal was aborted, never before. */
const afterAbort = (signal: AbortSignal, graceMs: number): { readonly gone: Promise<void>; stop(): void } => {
  let timer: NodeJS.Timeout | undefined;
  let start = (): void => {};
  const gone = new Promise<void>((resolve) => {
    start = () => {
      timer = setTimeout(resolve, graceMs);
    };
    if (signal.aborted) start();
    else signal.addEventListener("abort", start, { once: true });
  });
  return {
    gone,
    stop: () => {
      clearTimeout(timer);
      signal.removeEventListener("abort", start);
    },
  };
};

const redacted = (event: EngineEvent, redact: Redact): EngineEvent => {
  const message = redact(event.message);
  if (event.fields === undefined) return { ...event, message };
  const fields = Object.entries(event.fields).map(([name, value]) => [
    name,
    typeof value === "string" ? redact(value) : value,
  ]);
  return { ...event, message, fields: Object.fromEntries(fields) };
};

/** Runs the package's own engine inside this process. */
export const createEmbeddedTransport = (options: EmbeddedOptions): RockyTransport => ({
  kind: "embedded",
  label: "embedded engine",
  async invoke(argv, call = {}) {
    const startedAt = performance.now();
    const timeout = call.timeoutMs === undefined ? undefined : AbortSignal.timeout(call.timeoutMs);
    const signals = [call.signal, timeout].filter((signal) => signal !== undefined);
    const signal = AbortSignal.any(signals);
    if (signal.aborted) throw new RockyError("canceled", "The run was canceled before the engine was called");
    const { onEvent } = call;
    // Loaded on the first call only: a code server that shows assets needs no engine in memory.
    const { invoke: invokeEngine } = await import("@dagster-rocky/rocky");
    const work = invokeEngine(argv, {
      cwd: options.cwd,
      env: { ...options.env, ...call.env },
      signal,
      isTerminal: false,
      onEvent: (event) => onEvent?.(redacted(event, options.redact)),
    });
    // A call that is given up on still ends some day; nobody is left to hear how.
    work.catch(() => {});
    const deserted = afterAbort(signal, options.graceMs ?? DEFAULT_GRACE_MS);
    const result = await Promise.race([work, deserted.gone]).finally(deserted.stop);
    const durationMs = Math.round(performance.now() - startedAt);
    if (signal.aborted) {
      const why =
        timeout?.aborted && !call.signal?.aborted
          ? new RockyError(
              "timeout",
              `The engine did not end within ${(call.timeoutMs ?? 0) / 1000} s and was stopped`,
              {
                duration_ms: durationMs,
              },
            )
          : new RockyError("canceled", "The engine was stopped because the run was canceled");
      throw why;
    }
    if (result === undefined) throw new RockyError("command", "The embedded engine ended without a result");
    return {
      exitCode: result.exitCode,
      stdout: result.stdout,
      stderrTail: options.redact(result.stderr),
      durationMs,
    };
  },
});

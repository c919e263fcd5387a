import type { Command, CommandConfig } from "./commands/command.ts";
import { globalFlags } from "./commands/command.ts";
import { DecodeError } from "./decode.ts";
import { engineErrorText } from "./engine-log.ts";
import { RockyError } from "./errors.ts";
import { isLockText } from "./lock-wait.ts";
import type { RunOutput } from "./outputs/run.ts";
import type { Redact } from "./redaction.ts";
import { showArgv } from "./redaction.ts";
import type { InvokeOptions, RockyTransport, TransportReply } from "./transport.ts";

const PREVIEW = 500;
/** A failure is read by people; the whole text is in the log. */
const LONGEST_REASON = 1_500;
const STDERR_TAIL_LIMIT = 8_192;

const shorten = (text: string, limit: number): string =>
  text.length <= limit ? text : `${text.slice(0, limit)} … (${text.length - limit} more characters)`;

const outputError = (
  args: readonly string[],
  reply: TransportReply,
  what: string,
  detail: Record<string, string>,
) =>
  new RockyError("output", `The output of \`rocky ${showArgv(args)}\` cannot be used: ${what}`, {
    command: args[0] ?? "",
    stdout_preview: reply.stdout.slice(0, PREVIEW),
    stdout_bytes: Buffer.byteLength(reply.stdout),
    ...detail,
  });

const exitError = (args: readonly string[], reply: TransportReply, hasOutput: boolean): RockyError => {
  const reason = engineErrorText(reply.stderrTail);
  const text = `rocky ${args[0]} failed (exit ${reply.exitCode})${reason === "" ? "" : `: ${shorten(reason, LONGEST_REASON)}`}`;
  return new RockyError(hasOutput ? "partialFailure" : "command", text, {
    command: showArgv(args),
    exit_code: reply.exitCode,
    stderr_tail: shorten(reply.stderrTail, STDERR_TAIL_LIMIT),
    duration_ms: reply.durationMs,
  });
};

const readJson = (args: readonly string[], reply: TransportReply): unknown => {
  try {
    return JSON.parse(reply.stdout);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    const what = reply.stdout.trim() === "" ? "it is empty" : `it is not JSON (${reason})`;
    throw outputError(args, reply, what, { json_error: reason });
  }
};

const payloadOf = (
  { output }: Pick<Command<never, unknown>, "output">,
  args: readonly string[],
  reply: TransportReply,
): unknown => {
  if (output === "text") return reply.stdout;
  if (output === "optional json" && !reply.stdout.trimStart().startsWith("{")) return undefined;
  return readJson(args, reply);
};

const decoded = <Result>(
  command: Command<never, Result>,
  args: readonly string[],
  reply: TransportReply,
): Result => {
  const payload = payloadOf(command, args, reply);
  try {
    return command.decode(payload);
  } catch (error) {
    if (!(error instanceof DecodeError)) throw error;
    throw outputError(args, reply, error.message, { validation_error: error.message });
  }
};

/** Everything was refused for a lock and nothing was written. */
const lockOfRun = (result: unknown): string | undefined => {
  const run = result as Partial<RunOutput> | undefined;
  const errors = run?.errors;
  if (errors === undefined || errors.length === 0 || (run?.materializations?.length ?? 0) > 0)
    return undefined;
  return errors.every(({ error }) => isLockText(error)) ? errors[0]?.error : undefined;
};

export interface CallOutcome<Result> {
  readonly lockedBy?: string;
  readonly finish: () => Result;
}

/**
 * One engine call: arguments in, typed result out. The exit code decides only whether output is looked at:
 * commands that are partial answer with output and a non-zero exit code.
 */
export const callOnce = async <Options, Result>(
  transport: RockyTransport,
  command: Command<Options, Result>,
  args: readonly string[],
  config: CommandConfig,
  redact: Redact,
  options: InvokeOptions,
): Promise<CallOutcome<Result>> => {
  const raw = await transport.invoke([...globalFlags(config), ...args], options);
  const reply = { ...raw, stdout: redact(raw.stdout) };
  const hasOutput = reply.stdout.trimStart().startsWith("{");
  if (reply.exitCode !== 0 && !(command.partial && hasOutput)) {
    const error = exitError(args, reply, hasOutput);
    const finish = (): never => {
      throw error;
    };
    return isLockText(reply.stderrTail) && !hasOutput ? { lockedBy: error.message, finish } : { finish };
  }
  const result = decoded(command, args, reply);
  const lockedBy = reply.exitCode === 0 ? undefined : lockOfRun(result);
  const finish = (): Result => result;
  return lockedBy === undefined ? { finish } : { lockedBy, finish };
};

import { formatError, RockyError } from "../errors.ts";
import type { EngineEvent } from "../commands/invocation.ts";
import { invoke } from "../commands/invoke.ts";
import { PLAIN, paintFor, paintText } from "./paint.ts";
import { createProgress, type Progress } from "./progress.ts";
import { snippet } from "./snippet.ts";

const writeAll = (stream: NodeJS.WriteStream, text: string): Promise<void> =>
  new Promise((resolve) => {
    if (text === "") resolve();
    else stream.write(text, () => resolve());
  });

const jsonLine = (event: EngineEvent): string =>
  JSON.stringify({
    timestamp: new Date().toISOString(),
    level: event.level.toUpperCase(),
    message: event.message,
    ...(event.fields === undefined ? {} : { fields: event.fields }),
  });

const plainLine = ({ level, message }: EngineEvent): string =>
  `${level === "info" ? "" : `${level}: `}${message}`;

/** Events go to standard error: JSON lines for programs, plain lines for people, a live view on a terminal. */
const createEventWriter = (forPeople: boolean): Progress => {
  if (forPeople && process.stderr.isTTY === true)
    return createProgress(process.stderr, paintFor(process.stderr, process.env));
  const line = forPeople ? plainLine : jsonLine;
  return { event: (event) => process.stderr.write(`${line(event)}\n`), close: () => undefined };
};

const asksForText = (argv: readonly string[]): boolean =>
  argv.some(
    (word, index) =>
      /^(?:--output|-o)=?(?:table|md)$/.test(word) ||
      (/^(?:--output|-o)$/.test(word) && /^(?:table|md)$/.test(argv[index + 1] ?? "")),
  );

const asksForJson = (argv: readonly string[]): boolean =>
  argv.some(
    (word, index) =>
      /^(?:--output|-o)=?json$/.test(word) || (/^(?:--output|-o)$/.test(word) && argv[index + 1] === "json"),
  );

/** The process around `invoke`: arguments, signals, streams and the exit code. */
export const run = async (): Promise<void> => {
  const argv = process.argv.slice(2);
  const abort = new AbortController();
  let interrupted = false;
  const onSignal = (): void => {
    // The first signal drains; a second one means that the user will not wait.
    if (interrupted) process.exit(130);
    interrupted = true;
    abort.abort(new RockyError("cancelled", "interrupted by a signal"));
  };
  process.on("SIGINT", onSignal);
  process.on("SIGTERM", onSignal);
  let exitCode = 1;
  // A reader that went away (`rocky … | head`) does not change how the command ended.
  process.stdout.on("error", () => process.exit(exitCode));
  // Nor does a reader of the log that went away end a run that has begun.
  process.stderr.on("error", () => undefined);
  const crash = (thrown: unknown): void => {
    process.stderr.write(`${formatError(RockyError.from(thrown))}\n`);
    process.exit(1);
  };
  process.on("uncaughtException", crash);
  process.on("unhandledRejection", crash);

  const isTerminal = process.stdout.isTTY === true;
  const forPeople = asksForText(argv) || (isTerminal && !asksForJson(argv));
  const writer = createEventWriter(forPeople);
  const result = await invoke(argv, {
    cwd: process.cwd(),
    env: process.env,
    signal: abort.signal,
    onEvent: (event) => {
      if (event.level !== "debug" || process.env.ROCKY_LOG === "debug") writer.event(event);
    },
    isTerminal,
  });
  writer.close();
  exitCode = result.exitCode === 0 && interrupted ? 130 : result.exitCode;
  // Text that is no view of a payload (SQL, a script) may be meant for a file.
  const paint = forPeople && result.payload !== undefined ? paintFor(process.stdout, process.env) : PLAIN;
  await writeAll(process.stdout, paintText(result.stdout, paint));
  const place = forPeople ? snippet(result.error, process.cwd()) : "";
  const failure = result.stderr === "" ? "" : `${result.stderr}\n${place}`;
  await writeAll(process.stderr, paintText(failure, paintFor(process.stderr, process.env)));
  // Open database handles must not keep a finished command alive.
  process.exit(exitCode);
};

import { DefinitionsError } from "../../definitions/errors.ts";
import type { LogHandler, LoggerMap, LogLevel, LogRecord } from "../../definitions/loggers.ts";
import type { JsonObject } from "../../definitions/metadata.ts";
import type { PythonLogs } from "../../instance/settings.ts";
import type { EventRow } from "../../instance/storage.ts";
import { didYouMean } from "../../text-distance.ts";
import { asObject, isRecord, parseJson, readNumber, readText } from "../../wire/index.ts";
import { type EventSource, logLine } from "../events/entry.ts";
import type { EventSink } from "../run/event-sink.ts";
import { configSection } from "../run/run-row.ts";
import { isManaged, withFields } from "./current-logger.ts";
import { LEVELS, levelName, levelNumber } from "./levels.ts";
import { openPythonHandlers } from "./python-handlers.ts";

/** Where the lines and events of one run go besides the event storage. */
export interface RunLogs {
  /** A line of a step's log. Lines below the instance's level are dropped. */
  line(stepKey: string, level: LogLevel, message: string, fields?: JsonObject): void;
  /** The same for a logger that belongs to no step; false when the instance does not manage it. */
  lineOf(loggerName: string, stepKey: string, level: LogLevel, message: string, fields?: JsonObject): void;
  /** For every stored event; absent when no logger but the console's is there. */
  readonly event: ((row: EventRow) => void) | undefined;
  /** What cannot be done here, for the run's log. */
  readonly notices: readonly string[];
  close(): Promise<void>;
}

export interface RunLogsOptions {
  readonly source: EventSource;
  readonly sink: EventSink;
  readonly settings: PythonLogs;
  readonly loggers: LoggerMap;
  /** What the run config says under `loggers`. */
  readonly chosen: JsonObject;
}

/** The logger that is used when a run chooses none. */
const CONSOLE = "console";

/** Opens the loggers that the run chose. Throws `DefinitionsError` when one of them does not exist. */
export function createRunLogs(options: RunLogsOptions): RunLogs {
  const { source, sink, settings } = options;
  const lowest = settings.level === undefined ? 0 : (levelNumber(settings.level) ?? 0);
  const python = openPythonHandlers(settings);
  const handlers = [...chosenLoggers(options, lowest), ...python.handlers].map(guarded);
  const chosen = Object.keys(options.chosen).filter((name) => name !== CONSOLE);
  const seesEvents = chosen.length + python.handlers.length > 0;

  const print = (record: LogRecord): void => {
    for (const handler of handlers) handler.write(record);
  };
  const line: RunLogs["line"] = (stepKey, level, message, fields) => {
    if (LEVELS[level] < lowest) return;
    sink.post(logLine(source, LEVELS[level], withFields(message, fields), stepKey));
    const { runId, jobName } = source;
    print({ level, message, timestamp: Date.now() / 1000, runId, jobName, stepKey, fields: fields ?? {} });
  };
  return {
    line,
    event: seesEvents
      ? (row) => {
          const record = eventRecord(row, source.jobName);
          if (record !== undefined) print(record);
        }
      : undefined,
    lineOf: (loggerName, stepKey, level, message, fields) => {
      if (isManaged(loggerName, settings.managedLoggers)) line(stepKey, level, message, fields);
      else process.stderr.write(`${level.toUpperCase()} ${loggerName} ${withFields(message, fields)}\n`);
    },
    notices: python.notices,
    close: async () => {
      for (const handler of handlers) await handler.close?.();
    },
  };
}

/** The record of an event, for handlers that see events too; undefined for a line of `context.log`. */
function eventRecord(row: EventRow, jobName: string): LogRecord | undefined {
  if (row.type === undefined) return undefined;
  const entry = asObject(parseJson(row.body), "EventLogEntry");
  const event = isRecord(entry.dagster_event) ? entry.dagster_event : {};
  return {
    level: levelName(readNumber(entry.level) ?? LEVELS.debug),
    message: readText(entry.user_message) || (readText(event.message) ?? ""),
    timestamp: row.timestamp,
    runId: row.runId,
    jobName,
    eventType: row.type,
    fields: {},
    ...(row.stepKey === undefined ? {} : { stepKey: row.stepKey }),
  };
}

function chosenLoggers({ source, loggers, chosen }: RunLogsOptions, lowest: number): readonly LogHandler[] {
  const names = Object.keys(chosen);
  if (names.length === 0) return [consoleLogger(lowest)];
  return names.map((name) => {
    const config = configSection(chosen, name, "config");
    const definition = Object.hasOwn(loggers, name) ? loggers[name] : undefined;
    if (definition !== undefined) {
      return definition.create({ runId: source.runId, jobName: source.jobName, config });
    }
    if (name !== CONSOLE) {
      const known = [...Object.keys(loggers), CONSOLE];
      throw new DefinitionsError(
        `the run config chooses logger \`${name}\`, which does not exist${didYouMean(name, known)}`,
      );
    }
    const level = typeof config.log_level === "string" ? levelNumber(config.log_level) : undefined;
    return consoleLogger(level ?? lowest);
  });
}

/** Lines of steps on standard error, which is what a step's captured output shows between what it printed. */
const consoleLogger = (lowest: number): LogHandler => ({
  write: ({ level, message, fields, timestamp, jobName, runId, stepKey, eventType }) => {
    if (eventType !== undefined || LEVELS[level] < lowest) return;
    const time = new Date(timestamp * 1000).toISOString().replace("T", " ").replace("Z", "");
    const text = withFields(message, Object.keys(fields).length === 0 ? undefined : fields);
    process.stderr.write(
      `${time} - dagster - ${level.toUpperCase()} - ${jobName} - ${runId} - ${stepKey ?? ""} - ${text}\n`,
    );
  },
});

/** A log that cannot be written is not the step's fault; said once, as the next line would be lost alike. */
function guarded(handler: LogHandler): LogHandler {
  let isTold = false;
  const told = (error: unknown): void => {
    if (isTold) return;
    isTold = true;
    try {
      process.stderr.write(`a logger failed: ${error instanceof Error ? error.message : String(error)}\n`);
    } catch {
      // Standard error itself is what cannot be written.
    }
  };
  return {
    write: (record) => {
      try {
        handler.write(record);
      } catch (error) {
        told(error);
      }
    },
    close: async () => {
      try {
        await handler.close?.();
      } catch (error) {
        told(error);
      }
    },
  };
}

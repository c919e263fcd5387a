import { closeSync, mkdirSync, openSync, writeSync } from "node:fs";
import { dirname } from "node:path";
import type { LogHandler, LogRecord } from "../../definitions/loggers.ts";
import type { PythonLogs } from "../../instance/settings.ts";
import { LEVELS, levelNumber } from "./levels.ts";

/** How Python's settings name standard output; a stream handler without it writes to standard error. */
const STDOUT = "ext://sys.stdout";

export interface PythonHandlers {
  readonly handlers: readonly LogHandler[];
  /** What cannot be done here, for the run's log. */
  readonly notices: readonly string[];
}

/**
 * The handlers of `dagster_handler_config`. Streams and files are the same in every language; other classes are
 * Python's.
 */
export function openPythonHandlers({ handlers, formatters }: PythonLogs): PythonHandlers {
  const opened: LogHandler[] = [];
  const notices: string[] = [];
  for (const [name, given] of Object.entries(handlers)) {
    const config = asMapping(given);
    const format = textOf(asMapping(formatters[textOf(config.formatter) ?? ""]).format) ?? "%(message)s";
    const level = levelNumber(textOf(config.level) ?? "NOTSET") ?? 0;
    const target = openTarget(config);
    if ("problem" in target) {
      notices.push(
        `Logs do not go to the handler \`${name}\` of the instance's python_logs: ${target.problem}`,
      );
      continue;
    }
    opened.push({
      write: (record) => {
        if (LEVELS[record.level] >= level) target.line(`${formatted(format, record)}\n`);
      },
      close: target.close,
    });
  }
  return { handlers: opened, notices };
}

interface Target {
  line(text: string): void;
  close(): void;
}

interface NoTarget {
  readonly problem: string;
}

function openTarget(config: Readonly<Record<string, unknown>>): Target | NoTarget {
  const name = textOf(config.class) ?? "()";
  switch (name) {
    case "logging.StreamHandler": {
      const stream = config.stream === STDOUT ? process.stdout : process.stderr;
      return { line: (text) => void stream.write(text), close: () => undefined };
    }
    case "logging.FileHandler": {
      const path = textOf(config.filename);
      return path === undefined ? { problem: "it has no filename" } : openFile(path, config.mode);
    }
    default:
      return {
        problem: `its class ${name} is one that only Python has; supported are logging.StreamHandler and logging.FileHandler`,
      };
  }
}

function openFile(path: string, mode: unknown): Target | NoTarget {
  try {
    mkdirSync(dirname(path), { recursive: true });
    const file = openSync(path, mode === "w" ? "w" : "a");
    return { line: (text) => void writeSync(file, text), close: () => closeSync(file) };
  } catch (error) {
    return { problem: error instanceof Error ? error.message : String(error) };
  }
}

/** Python's `%(name)s` fields; one that is not known stays as it is written. */
function formatted(format: string, record: LogRecord): string {
  const parts = [record.jobName, record.runId, record.stepKey, record.eventType, record.message];
  const values: Readonly<Record<string, string>> = {
    asctime: timeText(record.timestamp),
    created: String(record.timestamp),
    levelname: record.level.toUpperCase(),
    levelno: String(LEVELS[record.level]),
    message: parts.filter((part) => part !== undefined && part !== "").join(" - "),
    name: "dagster",
    process: String(process.pid),
  };
  return format.replaceAll(
    /%\((\w+)\)(-?\d*)(?:\.\d+)?[sdf]/g,
    (all: string, name: string, width: string) => {
      const value = values[name];
      if (value === undefined) return all;
      return width.startsWith("-") ? value.padEnd(Number(width.slice(1))) : value.padStart(Number(width));
    },
  );
}

/** `2025-04-04 10:00:00,123`, UTC. */
const timeText = (seconds: number): string =>
  new Date(seconds * 1000).toISOString().replace("T", " ").replace("Z", "").replace(".", ",");

const textOf = (value: unknown): string | undefined => (typeof value === "string" ? value : undefined);

const asMapping = (value: unknown): Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null ? (value as Readonly<Record<string, unknown>>) : {};

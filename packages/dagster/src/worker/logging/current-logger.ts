import { AsyncLocalStorage } from "node:async_hooks";
import type { StepLogger } from "../../definitions/execution-context.ts";
import type { LogLevel } from "../../definitions/loggers.ts";
import type { JsonObject } from "../../definitions/metadata.ts";

/** Takes lines of loggers that belong to no step's context. */
export type LineTaker = (loggerName: string, level: LogLevel, message: string, fields?: JsonObject) => void;

const current = new AsyncLocalStorage<LineTaker>();

/** Runs `work` so that loggers of `getLogger` inside it write to the step's log. */
export const withLogger = <T>(take: LineTaker, work: () => T): T => current.run(take, work);

const OWN = "dagster";

/**
 * A logger for code that has no `context`, such as a library of the project. Inside a step its lines go to the log of
 * the run when the instance manages a logger of that name (`python_logs: managed_python_loggers`, where `shop` stands
 * for `shop.orders` too, and `root` for all); `dagster`, the default, always is. Other lines go to standard error.
 */
export function getLogger(name: string = OWN): StepLogger {
  const write =
    (level: LogLevel) =>
    (message: string, fields?: JsonObject): void => {
      const take = current.getStore();
      if (take !== undefined) take(name, level, message, fields);
      else process.stderr.write(`${level.toUpperCase()} ${name} ${withFields(message, fields)}\n`);
    };
  return { debug: write("debug"), info: write("info"), warn: write("warning"), error: write("error") };
}

/** Whether the instance sends lines of this logger to the run's log. */
export function isManaged(name: string, managed: readonly string[]): boolean {
  const isBelow = (parent: string): boolean => name === parent || name.startsWith(`${parent}.`);
  return isBelow(OWN) || managed.some((parent) => parent === "root" || isBelow(parent));
}

/** The message with its fields behind it: `loaded rows=3 table="a b"`. */
export function withFields(message: string, fields: JsonObject | undefined): string {
  if (fields === undefined) return message;
  const parts = Object.entries(fields).map(([key, value]) => `${key}=${fieldText(value)}`);
  return [message, ...parts].join(" ");
}

function fieldText(value: unknown): string {
  if (typeof value === "string" && /^[^\s"=]+$/.test(value)) return value;
  try {
    return JSON.stringify(value) ?? String(value);
  } catch {
    return String(value);
  }
}

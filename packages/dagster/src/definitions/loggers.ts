import type { JsonObject } from "./metadata.ts";

export type LogLevel = "debug" | "info" | "warning" | "error" | "critical";

/** One line of a run's log: of `context.log`, or the message of an event. */
export interface LogRecord {
  readonly level: LogLevel;
  readonly message: string;
  /** Epoch seconds. */
  readonly timestamp: number;
  readonly runId: string;
  readonly jobName: string;
  readonly stepKey?: string;
  /** Such as `STEP_START` or `ASSET_MATERIALIZATION`; absent on lines of `context.log`. */
  readonly eventType?: string;
  /** What was given to `context.log` beside the message. */
  readonly fields: JsonObject;
}

/** Where one run's log goes besides Dagster's own. */
export interface LogHandler {
  /** What it throws is told once on standard error. */
  write(record: LogRecord): void;
  /** At the end of the run. */
  close?(): void | Promise<void>;
}

export interface LoggerContext {
  readonly runId: string;
  readonly jobName: string;
  /** What the run config says under `loggers.<name>.config`. */
  readonly config: JsonObject;
}

/** A destination for logs that runs choose by name, in their run config: `loggers: { <name>: { config: … } }`. */
export interface LoggerDefinition {
  readonly description?: string;
  create(context: LoggerContext): LogHandler;
}

export type LoggerMap = Readonly<Record<string, LoggerDefinition>>;

/** Declares a logger, for the `loggers` of `Definitions.create`. */
export const logger = (definition: LoggerDefinition): LoggerDefinition => Object.freeze({ ...definition });

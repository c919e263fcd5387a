export type LogLevel = "debug" | "info" | "warning" | "error";

const ORDER: readonly LogLevel[] = ["debug", "info", "warning", "error"];

const threshold = (): number => {
  const wanted = (process.env.DAGSTER_TS_LOG_LEVEL ?? "info").toLowerCase();
  return Math.max(0, ORDER.indexOf(wanted as LogLevel));
};

/** One line on stderr, laid out as Dagster's own processes do. Standard output belongs to command results. */
export const log = (level: LogLevel, message: string): void => {
  if (ORDER.indexOf(level) < threshold()) return;
  const time = new Date().toISOString().replace("T", " ").replace("Z", "");
  process.stderr.write(`${time} - dagster.code_server - ${level.toUpperCase()} - ${message}\n`);
};

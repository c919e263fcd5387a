import type { EngineEvent } from "@dagster-rocky/rocky";

type Level = EngineEvent["level"];
type Fields = NonNullable<EngineEvent["fields"]>;

const LEVELS: Readonly<Record<string, Level>> = {
  trace: "debug",
  debug: "debug",
  info: "info",
  warn: "warn",
  warning: "warn",
  error: "error",
};

const asRecord = (value: unknown): Readonly<Record<string, unknown>> | undefined =>
  typeof value === "object" && value !== null && !Array.isArray(value)
    ? (value as Readonly<Record<string, unknown>>)
    : undefined;

const scalarFields = (source: Readonly<Record<string, unknown>> | undefined): Fields | undefined => {
  const kept = Object.entries(source ?? {}).filter(
    ([key, value]) =>
      key !== "message" && (value === null || ["string", "number", "boolean"].includes(typeof value)),
  );
  return kept.length === 0 ? undefined : (Object.fromEntries(kept) as Fields);
};

const parsed = (line: string): Readonly<Record<string, unknown>> | undefined => {
  if (!line.startsWith("{")) return undefined;
  try {
    return asRecord(JSON.parse(line));
  } catch {
    return undefined;
  }
};

const plainLevel = (line: string): Level => {
  if (/^\s*(error|fatal)\b/i.test(line)) return "error";
  return /^\s*warn(ing)?\b/i.test(line) ? "warn" : "info";
};

/**
 * One line of the engine's standard error as an event. Engines write JSON log lines, with the message at the
 * top or under `fields`; anything else is shown as it is.
 */
export const parseEngineLine = (line: string): EngineEvent | undefined => {
  const trimmed = line.trim();
  if (trimmed === "") return undefined;
  const entry = parsed(trimmed);
  if (entry === undefined) return { level: plainLevel(trimmed), message: trimmed };
  const nested = asRecord(entry.fields);
  const message = [entry.message, nested?.message, entry.msg].find((found) => typeof found === "string");
  if (typeof message !== "string") return { level: "info", message: trimmed };
  const level = LEVELS[String(entry.level ?? "info").toLowerCase()] ?? "info";
  const fields = scalarFields(nested);
  return fields === undefined ? { level, message } : { level, message, fields };
};

/**
 * The engine's own explanation at the end of its standard error: the `Error:` chain without log lines and
 * without the stack trace that follows it; else the last error it logged; else its last words.
 */
export const engineErrorText = (stderr: string): string => {
  const lines = stderr.split("\n").map((line) => line.trimEnd());
  const start = lines.findLastIndex((line) => /^(error|fatal):/i.test(line));
  if (start >= 0) {
    const rest = lines.slice(start);
    const end = rest.findIndex((line) => /^(stack backtrace|location):/i.test(line.trim()));
    const chain = (end < 0 ? rest : rest.slice(0, end)).filter((line) => parsed(line.trim()) === undefined);
    return chain
      .join("\n")
      .replace(/^error:\s*/i, "")
      .trim();
  }
  const events = lines.map(parseEngineLine).filter((event) => event !== undefined);
  return (events.findLast((event) => event.level === "error") ?? events.at(-1))?.message ?? "";
};

import type { LogLevel } from "../../definitions/loggers.ts";

/** Python's logging levels, which the UI filters by. */
export const LEVELS = { debug: 10, info: 20, warning: 30, error: 40, critical: 50 } as const;

const ALIASES: Readonly<Record<string, number>> = { warn: 30, fatal: 50, notset: 0 };

/** A level as settings and run configs write it: a name in any case, or a number. */
export function levelNumber(text: string): number | undefined {
  const name = text.trim().toLowerCase();
  if (/^\d+$/.test(name)) return Number(name);
  return Object.hasOwn(LEVELS, name) ? LEVELS[name as LogLevel] : ALIASES[name];
}

/** The highest level that is not above this number. */
export function levelName(level: number): LogLevel {
  const names = Object.keys(LEVELS) as LogLevel[];
  return names.findLast((name) => LEVELS[name] <= level) ?? "debug";
}

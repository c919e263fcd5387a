import { RockyError } from "../errors.ts";
import type { Environment } from "../ports.ts";

export interface Substitution {
  readonly name: string;
  readonly value: string;
}

export interface Substituted {
  readonly text: string;
  readonly used: readonly Substitution[];
}

const REFERENCE = /\$\{([^}]+)\}/g;

const split = (inner: string): { name: string; fallback: string | undefined } => {
  const at = inner.indexOf(":-");
  return at < 0
    ? { name: inner, fallback: undefined }
    : { name: inner.slice(0, at), fallback: inner.slice(at + 2) };
};

/**
 * Splices environment variables into raw text, before it is parsed, so that `${T}` may stand for a number.
 * `${NAME}` must be set (empty counts as set); `${NAME:-other}` falls back when unset or empty. Lines whose
 * first non-blank character is `#` are left alone. Throws for the first variable that is missing.
 */
export const substituteEnvironment = (text: string, env: Environment, file: string): Substituted => {
  if (!text.includes("${")) return { text, used: [] };
  const used: Substitution[] = [];
  const lines = text.split("\n").map((line, index) => {
    if (!line.includes("${") || line.trimStart().startsWith("#")) return line;
    return line.replace(REFERENCE, (_whole, inner: string, offset: number) => {
      const { name, fallback } = split(inner);
      const value = env[name];
      if (value !== undefined && (value !== "" || fallback === undefined)) {
        used.push({ name, value });
        return value;
      }
      if (fallback !== undefined) return fallback;
      throw new RockyError("config_env", `environment variable '${name}' not set (referenced in config)`, {
        where: { file, line: index + 1, column: offset + 1, ...keyOfLine(text, index) },
        hint: `set ${name}, or give a fallback: \${${name}:-value}`,
      });
    });
  });
  return { text: lines.join("\n"), used };
};

/** The dotted key that the given line assigns, as far as one line tells. */
const keyOfLine = (text: string, index: number): { key?: string } => {
  const lines = text.split("\n");
  const own = /^\s*([A-Za-z0-9_."'-]+)\s*=/.exec(lines[index] ?? "")?.[1];
  let header: string | undefined;
  for (let line = index; line >= 0 && header === undefined; line -= 1)
    header = /^\s*\[\[?\s*([^\]]+?)\s*\]/.exec(lines[line] ?? "")?.[1];
  const key = [header, own].filter((part) => part !== undefined).join(".");
  return key === "" ? {} : { key };
};

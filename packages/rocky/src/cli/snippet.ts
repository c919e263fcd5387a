import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import type { RockyError } from "../errors.ts";

const LONGEST_LINE = 160;

/** In configuration any value may be a secret, quoted or not, so only headers and keys are shown. */
const withoutValues = (line: string): string => {
  const header = /^\s*\[[^\]]*\]+/.exec(line)?.[0];
  if (header !== undefined) return header;
  const key = /^\s*[\w.-]+\s*=\s*/.exec(line)?.[0];
  return key === undefined ? "" : `${key}…`;
};

const lineOf = (cwd: string, file: string, line: number): string | undefined => {
  try {
    return readFileSync(resolve(cwd, file), "utf8").split(/\r?\n/)[line - 1];
  } catch {
    return undefined;
  }
};

/** The line of a file that an error is about, with a mark below the place; empty when there is none to show. */
export const snippet = (error: RockyError | undefined, cwd: string): string => {
  const { file, line, column } = error?.where ?? {};
  if (file === undefined || line === undefined) return "";
  const source = lineOf(cwd, file, line);
  if (source === undefined || source.trim() === "" || source.length > LONGEST_LINE) return "";
  const isConfig = file.endsWith(".toml");
  const shown = isConfig ? withoutValues(source) : source;
  if (shown === "") return "";
  const number = String(line);
  const margin = " ".repeat(number.length);
  // Where values are left out, places behind the first of them have moved.
  const at = column === undefined || shown.slice(0, column) !== source.slice(0, column) ? undefined : column;
  const mark = at === undefined ? "" : `\n  ${margin} | ${" ".repeat(at - 1)}^`;
  return `  ${number} | ${shown.trimEnd()}${mark}\n`;
};

import { parse, TomlDate, TomlError } from "smol-toml";
import { RockyError } from "../errors.ts";
import type { Environment } from "../ports.ts";
import { type Substitution, substituteEnvironment } from "./environment.ts";
import { type Position, positionFinder } from "./positions.ts";

export type TomlTable = { readonly [key: string]: unknown };

export interface TomlDocument {
  readonly file: string;
  readonly table: TomlTable;
  /** Raw text before substitution: positions in messages refer to what the user wrote. */
  readonly source: string;
  readonly used: readonly Substitution[];
  readonly positionOf: (path: readonly string[]) => Position;
}

export const isTable = (value: unknown): value is TomlTable =>
  typeof value === "object" && value !== null && !Array.isArray(value) && !(value instanceof TomlDate);

const firstLine = (message: string): string =>
  (message.split("\n")[0] ?? message).replace(/^Invalid TOML document: /, "");

/** Parses TOML text; broken text is an error with file, line and column. */
const parseTomlText = (text: string, file: string): TomlTable => {
  try {
    return parse(text);
  } catch (thrown) {
    if (!(thrown instanceof TomlError)) throw RockyError.from(thrown);
    throw new RockyError("config_syntax", `cannot parse TOML: ${firstLine(thrown.message)}`, {
      where: { file, line: thrown.line, column: thrown.column },
      hint: "fix the syntax at this place",
      cause: thrown,
    });
  }
};

/** Substitutes environment variables when there is an environment, then parses. */
export const parseToml = (source: string, file: string, env: Environment | undefined): TomlDocument => {
  const { text, used } =
    env === undefined ? { text: source, used: [] } : substituteEnvironment(source, env, file);
  return { file, table: parseTomlText(text, file), source, used, positionOf: positionFinder(source) };
};

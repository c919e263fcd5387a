import { RockyError } from "../errors.ts";
import type { Environment } from "../ports.ts";
import { type Problem, readTable, type TableReader } from "../config/reader.ts";
import { positionOf } from "../config/positions.ts";
import { parseToml, parseTomlText, type TomlDocument } from "../config/toml.ts";
import type { ModelWarning } from "./types.ts";

/** A TOML text of the models directory, decoded. */
export interface Decoded<T> {
  readonly value: T;
  readonly document: TomlDocument;
  readonly warnings: readonly Problem[];
}

const placeOf = (document: TomlDocument, path: readonly string[], lineOffset: number) => {
  const position = positionOf(document.source, path);
  return {
    file: document.file,
    ...position,
    ...(position.line === undefined ? {} : { line: position.line + lineOffset }),
    key: path.join("."),
  };
};

/** An error about a key of a TOML document; `subject` says whose it is, such as `model 'orders'`. */
export const documentError = (
  document: TomlDocument,
  subject: string,
  problem: Problem,
  lineOffset = 0,
): RockyError =>
  new RockyError("model_invalid", `${subject}: ${problem.message}`, {
    where: placeOf(document, problem.path, lineOffset),
    ...(problem.hint === undefined ? {} : { hint: problem.hint }),
  });

/** Parses (filling in variables when there is an environment) and decodes; unknown keys are warnings unless the decoder closes a table. Throws for the first error. */
export const decodeDocument = <T>(
  text: string,
  file: string,
  subject: string,
  env: Environment | undefined,
  decode: (reader: TableReader) => T,
  options: { readonly unknownKeys?: Problem["severity"]; readonly lineOffset?: number } = {},
): Decoded<T> => {
  const document =
    env === undefined
      ? { file, table: parseTomlText(text, file), source: text, used: [] }
      : parseToml(text, file, env);
  const problems: Problem[] = [];
  const value = readTable(document.table, [], problems, decode, options.unknownKeys ?? "warning");
  const error = problems.find((problem) => problem.severity === "error");
  if (error !== undefined) throw documentError(document, subject, error, options.lineOffset);
  return { value, document, warnings: problems };
};

export const toModelWarning = (
  model: string,
  document: TomlDocument,
  problem: Problem,
  lineOffset = 0,
): ModelWarning => {
  const { line, key } = placeOf(document, problem.path, lineOffset);
  return Object.freeze({
    model,
    file: document.file,
    key,
    message: problem.message,
    ...(line === undefined ? {} : { line }),
    ...(problem.hint === undefined ? {} : { hint: problem.hint }),
  });
};

import { formatLocation, RockyError } from "../errors.ts";
import type { Environment, Files, FileWarning } from "../ports.ts";
import { type Problem, readTable, type TableReader } from "../config/reader.ts";
import { arrangeProblems, describeProblems } from "../config/problem-text.ts";
import { parseToml, type TomlDocument } from "../config/toml.ts";

const placeOf = (document: TomlDocument, path: readonly string[]) => ({
  file: document.file,
  ...document.positionOf(path),
  key: path.join("."),
});

/** One error for all problems of a TOML document; `subject` says whose they are, such as `model 'orders'`. */
export const documentError = (
  document: TomlDocument,
  subject: string,
  problems: readonly Problem[],
): RockyError => {
  const arranged = arrangeProblems(problems);
  const [first] = arranged;
  const place = ({ path }: Problem): string => formatLocation(placeOf(document, path));
  return new RockyError("model_invalid", `${subject}: ${describeProblems(arranged, place)}`, {
    where: placeOf(document, first?.path ?? []),
    ...(first?.hint === undefined ? {} : { hint: first.hint }),
  });
};

/** Parses (filling in variables when there is an environment) and decodes; unknown keys are warnings unless the decoder closes a table. Throws one error that tells all. */
export const decodeDocument = <T>(
  text: string,
  file: string,
  subject: string,
  env: Environment | undefined,
  decode: (reader: TableReader) => T,
  options: {
    readonly unknownKeys?: Problem["severity"];
    /** Hears of unknown keys. */
    readonly warn?: Files["warn"];
  } = {},
): T => {
  const document = parseToml(text, file, env);
  const problems: Problem[] = [];
  const value = readTable(document.table, [], problems, decode, options.unknownKeys ?? "warning");
  if (problems.some((problem) => problem.severity === "error"))
    throw documentError(document, subject, problems);
  for (const problem of problems) options.warn?.(toWarning(document, problem));
  return value;
};

const toWarning = (document: TomlDocument, problem: Problem): FileWarning => {
  const { line, key } = placeOf(document, problem.path);
  return Object.freeze({
    file: document.file,
    key,
    message: problem.message,
    ...(line === undefined ? {} : { line }),
    ...(problem.hint === undefined ? {} : { hint: problem.hint }),
  });
};

import { formatLocation, RockyError } from "../errors.ts";
import { directoryOf } from "../paths.ts";
import type { Environment, Files } from "../ports.ts";
import { decodeConfig } from "./decode/config.ts";
import { fingerprint } from "./fingerprint.ts";
import { arrangeProblems, describeProblems } from "./problem-text.ts";
import type { Problem } from "./reader.ts";
import { collectSensitive } from "./sensitive.ts";
import { expandShorthands, writtenPath } from "./shorthand.ts";
import { parseToml, type TomlDocument } from "./toml.ts";
import type { ConfigWarning, RockyConfig } from "./types/config.ts";

const readSource = (files: Files, file: string): string => {
  const source = files.read(file);
  if (source !== undefined) return source;
  if (files.kind(file) === "directory")
    throw new RockyError("config_missing", `'${file}' is a directory, not a configuration file`, {
      where: { file },
      hint: `point to the file in it: \`rocky -c ${file}/rocky.toml\``,
    });
  throw new RockyError("config_missing", `No rocky.toml found at '${file}'`, {
    where: { file },
    hint: "run `rocky init` to create one, or point to it with `rocky -c PATH`",
  });
};

const locate = (document: TomlDocument, path: readonly string[]) => {
  const written = writtenPath(document.table, path);
  return { file: document.file, key: written.join("."), ...document.positionOf(written) };
};

/** One error for the first problem; the others follow in its text, so that one run shows them all. */
const toError = (document: TomlDocument, problems: readonly Problem[]): RockyError => {
  const arranged = arrangeProblems(problems);
  const [first] = arranged;
  const names = [...new Set(document.used.map(({ name }) => name))];
  const fromEnvironment = names.length === 0 ? undefined : `values came from ${names.join(", ")}`;
  const hints = [first?.hint, fromEnvironment].filter((hint) => hint !== undefined);
  const text = describeProblems(arranged, ({ path }) => formatLocation(locate(document, path)));
  return new RockyError("config_invalid", text, {
    where: locate(document, first?.path ?? []),
    ...(hints.length === 0 ? {} : { hint: hints.join("; ") }),
  });
};

const toWarning = (document: TomlDocument, problem: Problem): ConfigWarning => {
  const { key, line } = locate(document, problem.path);
  return Object.freeze({
    message: problem.message,
    key,
    ...(line === undefined ? {} : { line }),
    ...(problem.hint === undefined ? {} : { hint: problem.hint }),
  });
};

/** A problem with its place, for `validate`. */
export interface BrokenRule {
  readonly code: "V032" | "V033" | "V046";
  readonly message: string;
  readonly hint?: string;
  readonly key: string;
  readonly line?: number;
}

export interface InspectedConfig {
  readonly config: RockyConfig;
  /** Rules that a run would refuse; empty for a good config. */
  readonly broken: readonly BrokenRule[];
}

const toBroken = (document: TomlDocument, problem: Problem): BrokenRule => {
  const { key, line } = locate(document, problem.path);
  return Object.freeze({
    code: problem.rule ?? "V046",
    message: problem.message,
    key,
    ...(line === undefined ? {} : { line }),
    ...(problem.hint === undefined ? {} : { hint: problem.hint }),
  });
};

const decodeSource = (source: string, env: Environment, file: string) => {
  const document = parseToml(source, file, env);
  const problems: Problem[] = [];
  const settings = decodeConfig(expandShorthands(document.table), problems);
  const warnings = problems
    .filter((problem) => problem.severity === "warning")
    .map((problem) => toWarning(document, problem));
  const config = Object.freeze<RockyConfig>({
    ...settings,
    file,
    directory: directoryOf(file),
    fingerprint: fingerprint(source),
    warnings: Object.freeze(warnings),
    sensitive: collectSensitive(document),
  });
  return { config, problems, document };
};

const isError = (problem: Problem): boolean => problem.severity === "error";

/**
 * Reads a `rocky.toml`: environment, TOML, shorthands, defaults, checks. Throws a `RockyError` that names file,
 * line and key: `config_missing`, `config_env`, `config_syntax` or `config_invalid`.
 */
export const loadConfig = (files: Files, env: Environment, file: string): RockyConfig => {
  const { config, problems, document } = decodeSource(readSource(files, file), env, file);
  if (problems.some(isError)) throw toError(document, problems);
  return config;
};

/** What holds where there is no `rocky.toml`: every default, no adapter and no pipeline. */
export const defaultConfig = (env: Environment, file: string): RockyConfig =>
  decodeSource("", env, file).config;

/** As `loadConfig`, but broken rules come back beside the settings; only an unreadable shape throws. */
export const inspectConfig = (files: Files, env: Environment, file: string): InspectedConfig => {
  const { config, problems, document } = decodeSource(readSource(files, file), env, file);
  const shape = problems.filter((problem) => problem.rule === undefined);
  if (shape.some(isError)) throw toError(document, shape);
  return { config, broken: problems.filter(isError).map((problem) => toBroken(document, problem)) };
};

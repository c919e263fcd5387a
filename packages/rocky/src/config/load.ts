import { formatLocation, RockyError } from "../errors.ts";
import { directoryOf } from "../paths.ts";
import type { Environment, Files } from "../ports.ts";
import { decodeConfig } from "./decode/config.ts";
import { fingerprint } from "./fingerprint.ts";
import { positionOf } from "./positions.ts";
import type { Problem } from "./reader.ts";
import { collectSensitive } from "./sensitive.ts";
import { expandShorthands, writtenPath } from "./shorthand.ts";
import { parseToml, type TomlDocument } from "./toml.ts";
import type { ConfigWarning, RockyConfig } from "./types/config.ts";

const readSource = (files: Files, file: string): string => {
  const source = files.read(file);
  if (source !== undefined) return source;
  throw new RockyError("config_missing", `No rocky.toml found at '${file}'`, {
    where: { file },
    hint: "run `rocky init` to create one, or point to it with `rocky -c PATH`",
  });
};

const locate = (document: TomlDocument, path: readonly string[]) => {
  const written = writtenPath(document.table, path);
  return { file: document.file, key: written.join("."), ...positionOf(document.source, written) };
};

/** One error for the first problem; the others follow in its text, so that one run shows them all. */
const toError = (document: TomlDocument, errors: readonly Problem[]): RockyError => {
  const [first, ...others] = errors;
  const rest = others.map(
    (problem) => `\n  also ${problem.message} (${formatLocation(locate(document, problem.path))})`,
  );
  const names = [...new Set(document.used.map(({ name }) => name))];
  const fromEnvironment = names.length === 0 ? undefined : `values came from ${names.join(", ")}`;
  const hints = [first?.hint, fromEnvironment].filter((hint) => hint !== undefined);
  return new RockyError("config_invalid", `${first?.message ?? "invalid configuration"}${rest.join("")}`, {
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

const readConfig = (files: Files, env: Environment, file: string) => {
  const source = readSource(files, file);
  const document = parseToml(source, file, env);
  const problems: Problem[] = [];
  const settings = decodeConfig(expandShorthands(document.table), problems);
  const errors = problems.filter((problem) => problem.severity === "error");
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
  return { config, errors, document };
};

/**
 * Reads a `rocky.toml`: environment, TOML, shorthands, defaults, checks. Throws a `RockyError` that names file,
 * line and key: `config_missing`, `config_env`, `config_syntax` or `config_invalid`.
 */
export const loadConfig = (files: Files, env: Environment, file: string): RockyConfig => {
  const { config, errors, document } = readConfig(files, env, file);
  if (errors.length > 0) throw toError(document, errors);
  return config;
};

/** As `loadConfig`, but broken rules come back beside the settings; only an unreadable shape throws. */
export const inspectConfig = (files: Files, env: Environment, file: string): InspectedConfig => {
  const { config, errors, document } = readConfig(files, env, file);
  const shape = errors.filter((problem) => problem.rule === undefined);
  if (shape.length > 0) throw toError(document, shape);
  return { config, broken: errors.map((problem) => toBroken(document, problem)) };
};

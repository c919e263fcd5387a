import { StorageError } from "./errors.ts";

export type Env = Readonly<Record<string, string | undefined>>;
export type ConfigRecord = Readonly<Record<string, unknown>>;

const isRecord = (value: unknown): value is ConfigRecord =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** One flat `key: value` line with a plain scalar; anything richer needs the YAML parser. */
const SIMPLE_LINE = /^([A-Za-z_][A-Za-z0-9_]*): ([A-Za-z/._][A-Za-z0-9/._-]*)$/;

/**
 * Reads the `config_yaml` of a storage. The usual `base_dir: /path` is read without loading the YAML
 * parser, which would cost a run worker a tenth of its start.
 */
export async function parseConfigYaml(text: string): Promise<ConfigRecord> {
  const lines = text.split("\n").filter((line) => line !== "");
  if (lines.length === 1 && lines[0] === "{}") return {};
  const simple: Record<string, string> = {};
  for (const line of lines) {
    const match = SIMPLE_LINE.exec(line);
    if (match === null || isWord(match[2])) return parseFully(text);
    simple[match[1] ?? ""] = match[2] ?? "";
  }
  return simple;
}

/** Words that YAML 1.1 does not read as text. */
const isWord = (text = ""): boolean => /^(true|false|yes|no|on|off|null|y|n|\.inf|\.nan)$/i.test(text);

async function parseFully(text: string): Promise<ConfigRecord> {
  const { parse } = await import("yaml");
  const value: unknown = parse(text, { version: "1.1", maxAliasCount: 100 });
  if (value === null || value === undefined) return {};
  if (!isRecord(value))
    throw new StorageError("bad_config", "the storage config of the instance is not a mapping");
  return value;
}

/** `{env: NAME}` stands for a variable of the process that uses the value. */
function resolveEnv(value: unknown, where: string, env: Env): unknown {
  if (!isRecord(value) || Object.keys(value).length !== 1 || typeof value.env !== "string") return value;
  const name = value.env;
  const found = env[name];
  if (found === undefined) {
    throw new StorageError(
      "missing_env",
      `${where} is taken from the environment variable ${name}, which is not set here`,
    );
  }
  return found;
}

/** A config mapping with typed access; `where` names it in errors. */
export interface ConfigReader {
  text(key: string): string | undefined;
  requireText(key: string): string;
  number(key: string): number | undefined;
  boolean(key: string): boolean | undefined;
  section(key: string): ConfigReader | undefined;
  /** A mapping as it stands there. */
  record(key: string): ConfigRecord | undefined;
  /** The texts of a list; what is none is left out. */
  texts(key: string): readonly string[] | undefined;
  readonly keys: readonly string[];
}

export function readConfig(config: ConfigRecord, where: string, env: Env): ConfigReader {
  const value = (key: string): unknown => resolveEnv(config[key], `${where}: \`${key}\``, env) ?? undefined;
  const text = (key: string): string | undefined => {
    const found = value(key);
    if (found === undefined || typeof found === "string") return found;
    if (typeof found === "number" || typeof found === "boolean") return String(found);
    throw new StorageError("bad_config", `${where}: \`${key}\` must be a text`);
  };
  return {
    text,
    requireText: (key) => {
      const found = text(key);
      if (found === undefined) throw new StorageError("bad_config", `${where}: \`${key}\` is missing`);
      return found;
    },
    number: (key) => {
      const found = value(key);
      if (found === undefined) return undefined;
      const number = Number(found);
      if (!Number.isFinite(number))
        throw new StorageError("bad_config", `${where}: \`${key}\` must be a number`);
      return number;
    },
    boolean: (key) => {
      const found = value(key);
      if (found === undefined || typeof found === "boolean") return found;
      if (found === "true" || found === "false") return found === "true";
      throw new StorageError("bad_config", `${where}: \`${key}\` must be true or false`);
    },
    section: (key) => {
      const found = config[key];
      return isRecord(found) ? readConfig(found, `${where}: \`${key}\``, env) : undefined;
    },
    record: (key) => {
      const found = config[key];
      return isRecord(found) ? found : undefined;
    },
    texts: (key) => {
      const found = config[key];
      return Array.isArray(found) ? found.filter((item) => typeof item === "string") : undefined;
    },
    keys: Object.keys(config),
  };
}

import { RockyError } from "../errors.ts";
import { didYouMean } from "../suggest.ts";
import type { CommandArguments, Positionals } from "./command.ts";
import type { Flag, Flags } from "./flags.ts";

const usage = (message: string, hint?: string): RockyError =>
  new RockyError("usage", message, hint === undefined ? {} : { hint });

type Value = string | boolean | number | readonly string[] | undefined;

const readValue = (
  name: string,
  flag: Exclude<Flag, { kind: "boolean" }>,
  text: string,
  before: Value,
): Value => {
  switch (flag.kind) {
    case "string":
      return text;
    case "strings":
      return [...(Array.isArray(before) ? before : []), text];
    case "integer": {
      const number = Number(text);
      if (!/^-?\d+$/.test(text) || !Number.isSafeInteger(number) || number < flag.min)
        throw usage(
          `'${text}' is not a valid value for --${name}`,
          `give a whole number of at least ${flag.min}`,
        );
      return number;
    }
    case "choice": {
      if (flag.choices.includes(text)) return text;
      const near = didYouMean(text, flag.choices);
      throw usage(
        `'${text}' is not a valid value for --${name}`,
        `one of ${flag.choices.join(", ")}${near === undefined ? "" : `; ${near}`}`,
      );
    }
    default:
      return flag satisfies never;
  }
};

/** Where the words of a command line go while it is read. */
export interface ParseTarget {
  readonly flags: Flags;
  readonly positionals: Positionals;
  /** One-letter names, such as `{ o: "output" }`. */
  readonly shorts?: Readonly<Record<string, string>>;
  /** Flags that are known, but not in this place, with a hint where they go. */
  readonly elsewhere?: ReadonlyMap<string, string>;
}

interface Reader {
  readonly argv: readonly string[];
  index: number;
}

const takeValue = (reader: Reader, shown: string): string => {
  const value = reader.argv[reader.index];
  // A value that looks like a flag is far more often a forgotten value; `--name=-x` still passes one.
  if (value === undefined || (value.startsWith("--") && value.length > 2))
    throw usage(`a value is required for ${shown} but none was given`);
  reader.index += 1;
  return value;
};

const nameOfWord = (
  word: string,
  target: ParseTarget,
): { name: string; shown: string; inline: string | undefined } => {
  if (word.startsWith("--")) {
    const equals = word.indexOf("=");
    const name = equals < 0 ? word.slice(2) : word.slice(2, equals);
    return { name, shown: `--${name}`, inline: equals < 0 ? undefined : word.slice(equals + 1) };
  }
  const short = word.slice(1, 2);
  const rest = word.slice(2);
  const name = target.shorts?.[short] ?? "";
  return { name, shown: `-${short}`, inline: rest === "" ? undefined : rest.replace(/^=/, "") };
};

const applyWord = (word: string, reader: Reader, target: ParseTarget, values: Map<string, Value>): void => {
  const { name, shown, inline } = nameOfWord(word, target);
  const flag = Object.hasOwn(target.flags, name) ? target.flags[name] : undefined;
  if (flag === undefined) {
    const leading = target.elsewhere?.get(shown);
    const known = Object.keys(target.flags).map((flagName) => `--${flagName}`);
    const near = didYouMean(name === "" ? word : `--${name}`, known);
    throw usage(`unexpected argument '${shown}' found`, leading ?? near);
  }
  if (flag.kind === "boolean") {
    if (inline !== undefined) throw usage(`${shown} takes no value`);
    values.set(name, true);
    return;
  }
  if (values.has(name) && flag.kind !== "strings") throw usage(`${shown} was given more than once`);
  values.set(name, readValue(name, flag, inline ?? takeValue(reader, shown), values.get(name)));
};

const withDefaults = (flags: Flags, values: ReadonlyMap<string, Value>): Record<string, Value> => {
  const filled: Record<string, Value> = {};
  for (const [name, flag] of Object.entries(flags))
    filled[name] =
      values.get(name) ?? (flag.kind === "boolean" ? false : flag.kind === "strings" ? [] : undefined);
  return filled;
};

/** Reads the words after the command's name. Throws a usage error for anything not described. */
export const parseArguments = (
  argv: readonly string[],
  target: ParseTarget,
  surplusHint?: string,
): CommandArguments => {
  const reader: Reader = { argv, index: 0 };
  const values = new Map<string, Value>();
  const words: string[] = [];
  while (reader.index < argv.length) {
    const word = argv[reader.index] ?? "";
    reader.index += 1;
    if (word === "--") {
      words.push(...argv.slice(reader.index));
      break;
    }
    if (word.startsWith("-") && word.length > 1) applyWord(word, reader, target, values);
    else words.push(word);
  }
  const positionals: Record<string, string | undefined> = {};
  for (const [index, positional] of target.positionals.entries()) {
    const given = words[index];
    if (given === undefined && positional.optional !== true)
      throw usage(`the required argument <${positional.name.toUpperCase()}> was not given`, positional.help);
    positionals[positional.name] = given;
  }
  const surplus = words[target.positionals.length];
  if (surplus !== undefined) throw usage(`unexpected argument '${surplus}' found`, surplusHint);
  return {
    flags: withDefaults(target.flags, values) as CommandArguments["flags"],
    positionals: positionals as never,
  };
};

/** Reads flags up to the first word that is not one, and says where that word stands. */
export const parseLeadingFlags = (
  argv: readonly string[],
  target: ParseTarget,
): { readonly values: Record<string, Value>; readonly rest: number } => {
  const reader: Reader = { argv, index: 0 };
  const values = new Map<string, Value>();
  while (reader.index < argv.length) {
    const word = argv[reader.index] ?? "";
    if (!word.startsWith("-") || word.length === 1 || word === "--") break;
    reader.index += 1;
    applyWord(word, reader, target, values);
  }
  return { values: withDefaults(target.flags, values), rest: reader.index };
};

import { didYouMean } from "../text-distance.ts";
import { UsageError } from "./program.ts";

/** How a flag is written; a value flag may be repeated, the last one counts unless it is a list. */
export type FlagKind = "switch" | "text" | "list";

/** Long names to kinds; `aliases` maps short spellings to long ones. */
export interface FlagTable {
  readonly flags: Readonly<Record<string, FlagKind>>;
  readonly aliases?: Readonly<Record<string, string>>;
  /** Dagster's own tools pass flags that mean nothing here; those are skipped with their values. */
  readonly ignoreUnknown?: boolean;
}

export interface ParsedFlags {
  readonly positional: readonly string[];
  has(name: string): boolean;
  text(name: string): string | undefined;
  list(name: string): readonly string[];
}

/** `--port=1` and `--port 1` alike. */
const split = (argument: string): readonly [name: string, value: string | undefined] => {
  const equals = argument.indexOf("=");
  if (!argument.startsWith("--") || equals < 0) return [argument, undefined];
  return [argument.slice(0, equals), argument.slice(equals + 1)];
};

const isFlag = (argument: string): boolean => /^-{1,2}[A-Za-z]/.test(argument);

export const parseFlags = (argv: readonly string[], table: FlagTable): ParsedFlags => {
  const values = new Map<string, string[]>();
  const positional: string[] = [];
  for (let i = 0; i < argv.length; i++) {
    const argument = argv[i] ?? "";
    if (argument === "--") {
      positional.push(...argv.slice(i + 1));
      break;
    }
    if (!isFlag(argument)) {
      positional.push(argument);
      continue;
    }
    const [given, inline] = split(argument);
    const name = table.aliases?.[given] ?? given.replace(/^--/, "");
    const kind = Object.hasOwn(table.flags, name) ? table.flags[name] : undefined;
    const next = argv[i + 1];
    if (kind === undefined) {
      if (table.ignoreUnknown !== true) {
        const known = Object.keys(table.flags).map((flag) => `--${flag}`);
        throw new UsageError(`unknown option ${given}${didYouMean(given, known)}`);
      }
      // Whether an unknown flag takes a value can only be guessed from what follows.
      if (inline === undefined && next !== undefined && !isFlag(next)) i++;
      continue;
    }
    const list = values.get(name) ?? [];
    values.set(name, list);
    if (kind === "switch") list.push(inline ?? "true");
    else if (inline !== undefined) list.push(inline);
    else if (next === undefined) throw new UsageError(`option ${given} needs a value`);
    else {
      list.push(next);
      i++;
    }
  }
  return {
    positional,
    has: (name) => values.has(name),
    text: (name) => values.get(name)?.at(-1),
    list: (name) => values.get(name) ?? [],
  };
};

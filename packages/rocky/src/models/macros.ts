import { RockyError } from "../errors.ts";
import { directoryOf, joinPath } from "../paths.ts";
import type { Files } from "../ports.ts";
import { didYouMean } from "../suggest.ts";
import type { Macro } from "./types.ts";

const DECLARATION = /^\s*--\s*@macro\s+([A-Za-z0-9_]+)\s*\(([^)]*)\)\s*$/;
const PARAMETER = /^[A-Za-z0-9_]+$/;
const CALL = /@([A-Za-z_][A-Za-z0-9_]*)\(/g;
const DEEPEST_NESTING = 16;

/** Placeholders that look like macro calls and are not. */
const NOT_MACROS = new Set(["var"]);

const parseMacro = (text: string, file: string): Macro => {
  const [first = "", ...rest] = text.split("\n");
  const declaration = DECLARATION.exec(first);
  const parameters = (declaration?.[2] ?? "").split(",").map((name) => name.trim());
  const named = parameters.length === 1 && parameters[0] === "" ? [] : parameters;
  if (declaration === null || !named.every((name) => PARAMETER.test(name)))
    throw new RockyError("model_invalid", "a macro file starts with its declaration", {
      where: { file, line: 1 },
      hint: "first line: -- @macro name(parameter, parameter)",
    });
  return Object.freeze({
    name: declaration[1] ?? "",
    parameters: Object.freeze(named),
    body: rest.join("\n").trim(),
    file,
  });
};

/** Macros from the `macros` folder beside the models directory; sub-folders are not read. */
export const loadMacros = (files: Files, modelsDirectory: string): readonly Macro[] => {
  const directory = joinPath(directoryOf(modelsDirectory), "macros");
  const macros = new Map<string, Macro>();
  for (const entry of files.list(directory) ?? []) {
    if (entry.kind !== "file" || !entry.name.endsWith(".sql")) continue;
    const file = joinPath(directory, entry.name);
    const macro = parseMacro(files.read(file) ?? "", file);
    const first = macros.get(macro.name);
    if (first !== undefined)
      throw new RockyError("model_invalid", `macro '${macro.name}' is defined twice`, {
        where: { file, line: 1 },
        hint: `the other one is in ${first.file}`,
      });
    macros.set(macro.name, macro);
  }
  return Object.freeze([...macros.values()]);
};

/** End of the bracketed arguments that start at `from`, or undefined when they never close. Skips quoted text. */
const closingBracket = (sql: string, from: number): number | undefined => {
  let depth = 1;
  for (let index = from; index < sql.length; index += 1) {
    const character = sql[index] ?? "";
    if (character === "'" || character === '"') {
      const close = sql.indexOf(character, index + 1);
      if (close < 0) return undefined;
      index = close;
    } else if (character === "(") depth += 1;
    else if (character === ")") {
      depth -= 1;
      if (depth === 0) return index;
    }
  }
  return undefined;
};

const splitArguments = (text: string): readonly string[] => {
  const parts: string[] = [];
  let depth = 0;
  let start = 0;
  for (let index = 0; index < text.length; index += 1) {
    const character = text[index] ?? "";
    if (character === "'" || character === '"') {
      const close = text.indexOf(character, index + 1);
      index = close < 0 ? text.length : close;
    } else if (character === "(") depth += 1;
    else if (character === ")") depth -= 1;
    else if (character === "," && depth === 0) {
      parts.push(text.slice(start, index).trim());
      start = index + 1;
    }
  }
  const last = text.slice(start).trim();
  return parts.length === 0 && last === "" ? [] : [...parts, last];
};

const fill = (macro: Macro, args: readonly string[]): string => {
  const values = new Map(macro.parameters.map((name, index) => [name, args[index] ?? ""]));
  return macro.body.replace(/\{([A-Za-z0-9_]+)\}/g, (whole, name: string) => values.get(name) ?? whole);
};

/** Replaces `@macro(arguments)` calls, also those inside macro bodies, by text. `@start_date` and such stay. */
export const expandMacros = (sql: string, macros: readonly Macro[], file: string): string => {
  if (!sql.includes("@") || !/@[A-Za-z_][A-Za-z0-9_]*\(/.test(sql)) return sql;
  const byName = new Map(macros.map((macro) => [macro.name, macro]));
  const fail = (message: string, hint: string | undefined): never => {
    throw new RockyError("model_invalid", message, {
      where: { file },
      ...(hint === undefined ? {} : { hint }),
    });
  };
  const expand = (text: string, depth: number): string => {
    if (depth > DEEPEST_NESTING) return fail("macros call each other in a circle", "break the circle");
    let result = "";
    let from = 0;
    for (const match of text.matchAll(CALL)) {
      const name = match[1] ?? "";
      if (match.index < from || NOT_MACROS.has(name)) continue;
      const start = match.index + match[0].length;
      const end = closingBracket(text, start);
      if (end === undefined) continue;
      const macro = byName.get(name);
      if (macro === undefined)
        return fail(
          `unknown macro '@${name}'`,
          didYouMean(name, byName.keys()) ?? "define it in the macros folder beside the models",
        );
      const args = splitArguments(text.slice(start, end));
      if (args.length !== macro.parameters.length)
        return fail(
          `macro '@${name}' takes ${macro.parameters.length} argument(s), ${args.length} given`,
          `@${name}(${macro.parameters.join(", ")})`,
        );
      result += text.slice(from, match.index) + expand(fill(macro, args), depth + 1);
      from = end + 1;
    }
    return result + text.slice(from);
  };
  return expand(sql, 0);
};

import { evaluate, type Scope } from "./evaluate.ts";
import type { Expression } from "./expression.ts";
import { toHost } from "./host-values.ts";
import { parseExpression } from "./parse.ts";
import { pythonLiteral } from "./python-literal.ts";
import { TemplateError } from "./tokens.ts";
import { defined, pythonText } from "./values.ts";

type Part = string | Expression;

/** Finds the `}}` that closes an expression; one inside a string does not count. */
const closing = (text: string, from: number): number => {
  let quote: string | undefined;
  for (let i = from; i < text.length; i++) {
    const unit = text[i];
    if (quote !== undefined) {
      if (unit === "\\") i++;
      else if (unit === quote) quote = undefined;
    } else if (unit === "'" || unit === '"') quote = unit;
    else if (unit === "}" && text[i + 1] === "}") return i;
  }
  throw new TemplateError(`"{{" is not closed in "${text}"`);
};

const parseTemplate = (text: string): readonly Part[] => {
  const parts: Part[] = [];
  let at = 0;
  for (;;) {
    const open = /\{[{%#]/.exec(text.slice(at));
    if (open === null) {
      if (at < text.length) parts.push(text.slice(at));
      return parts;
    }
    const start = at + open.index;
    if (start > at) parts.push(text.slice(at, start));
    if (open[0] === "{%") {
      throw new TemplateError(
        '"{% %}" statements are not supported; use an expression such as {{ a if b else c }}',
      );
    }
    if (open[0] === "{#") {
      const end = text.indexOf("#}", start);
      if (end < 0) throw new TemplateError(`"{#" is not closed in "${text}"`);
      at = end + 2;
      continue;
    }
    // `{{-` and `-}}` trim the text around an expression.
    const end = closing(text, start + 2);
    const inner = text.slice(start + 2, end);
    if (inner.startsWith("-")) trimLast(parts);
    at = end + 2;
    if (inner.endsWith("-")) at += /^\s*/.exec(text.slice(at))?.[0].length ?? 0;
    parts.push(parseExpression(inner.replace(/^-|-$/g, "")));
  }
};

const trimLast = (parts: Part[]): void => {
  const last = parts.pop();
  if (typeof last === "string") {
    const trimmed = last.trimEnd();
    if (trimmed !== "") parts.push(trimmed);
  } else if (last !== undefined) parts.push(last);
};

/** Parsed templates; a translation is rendered once per table with the same few texts. */
const cache = new Map<string, readonly Part[]>();
const CACHE_LIMIT = 1_000;

const parsed = (text: string): readonly Part[] => {
  const known = cache.get(text);
  if (known !== undefined) return known;
  const parts = parseTemplate(text);
  if (cache.size >= CACHE_LIMIT) cache.clear();
  cache.set(text, parts);
  return parts;
};

/**
 * Renders a text as Dagster does: a lone expression keeps its type, anything else is joined, and a result that
 * reads as a Python literal becomes that value. One trailing newline is dropped.
 */
export const renderTemplate = (template: string, scope: Scope): unknown => {
  if (template === "") return "";
  const text = template.replace(/\r?\n$/, "");
  const parts = parsed(text);
  const [only] = parts;
  if (only === undefined) return null;
  if (parts.length === 1) {
    const value = typeof only === "string" ? only : toHost(defined(evaluate(only, scope)));
    return typeof value === "string" ? pythonLiteral(value) : value;
  }
  return pythonLiteral(
    parts.map((part) => (typeof part === "string" ? part : pythonText(evaluate(part, scope)))).join(""),
  );
};

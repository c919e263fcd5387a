import { scanRegions } from "./scan.ts";

export interface Substitution {
  readonly sql: string;
  /** Names without a value and without a default, each once, in order of appearance. */
  readonly missing: readonly string[];
}

const REFERENCE = /@var\s*\(\s*([A-Za-z_][A-Za-z0-9_]*)\s*/g;

/**
 * Replaces `@var(name)` and `@var(name, default)` by their values, as text and also inside quotes, but not in
 * comments. A missing one becomes NULL, so that the rest of the query can still be compiled.
 */
export const substituteVariables = (
  sql: string,
  variables: Readonly<Record<string, string>>,
): Substitution => {
  if (!sql.includes("@var")) return { sql, missing: [] };
  const comments = scanRegions(sql).filter((region) => region.kind === "comment");
  const missing = new Set<string>();
  let result = "";
  let from = 0;
  for (const match of sql.matchAll(REFERENCE)) {
    const start = match.index;
    if (start < from || comments.some((comment) => start >= comment.start && start < comment.end)) continue;
    const name = match[1] ?? "";
    const call = readCall(sql, start + match[0].length);
    if (call === undefined) continue;
    const value = Object.hasOwn(variables, name) ? variables[name] : call.fallback;
    if (value === undefined) missing.add(name);
    result += sql.slice(from, start) + (value ?? "NULL");
    from = call.end;
  }
  return { sql: result + sql.slice(from), missing: [...missing] };
};

interface Call {
  readonly fallback: string | undefined;
  readonly end: number;
}

/** Reads `)` or `, default)`; the default may hold brackets and quoted texts. */
const readCall = (sql: string, at: number): Call | undefined => {
  if (sql[at] === ")") return { fallback: undefined, end: at + 1 };
  if (sql[at] !== ",") return undefined;
  let depth = 0;
  for (let index = at + 1; index < sql.length; index += 1) {
    const character = sql[index];
    if (character === "'" || character === '"') {
      const close = sql.indexOf(character, index + 1);
      // Inside a quoted SQL text a lone quote is the text's own end, not the start of a default.
      if (close < 0) continue;
      index = close;
    } else if (character === "(") depth += 1;
    else if (character === ")") {
      if (depth === 0) return { fallback: sql.slice(at + 1, index).trim(), end: index + 1 };
      depth -= 1;
    }
  }
  return undefined;
};

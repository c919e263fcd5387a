import type { SqlProblem } from "./facts.ts";
import { child, isTree, items, spanOf, text } from "./syntax-tree.ts";

/** Words that no warehouse takes for a bare name; some dialects of the parser do, and so make sense of nonsense. */
const CLAUSES: ReadonlySet<string> = new Set([
  "FROM",
  "GROUP",
  "HAVING",
  "JOIN",
  "ON",
  "ORDER",
  "SELECT",
  "UNION",
  "WHERE",
]);

const misreadName = (identifier: unknown): SqlProblem | undefined => {
  const name = text(identifier, "value");
  if (name === undefined || !CLAUSES.has(name.toUpperCase()) || child(identifier, "quote_style") != null)
    return undefined;
  const at = spanOf(identifier)?.start;
  return { message: `Expected: an expression or a name, found: ${name}`, ...at };
};

const emptySelect = (select: unknown): SqlProblem | undefined => {
  if (child(select, "flavor") !== "Standard" || items(select, "projection").length > 0) return undefined;
  return { message: "Expected: columns after SELECT", ...spanOf(child(select, "select_token"))?.start };
};

/** What the parser accepted although it is no SQL: a SELECT of nothing, a clause's first word as a name. */
export const misread = (query: unknown): SqlProblem | undefined => {
  const left: unknown[] = [query];
  while (left.length > 0) {
    const node = left.pop();
    if (Array.isArray(node)) {
      left.push(...node);
      continue;
    }
    const entries: Iterable<readonly [unknown, unknown]> =
      node instanceof Map ? node : isTree(node) ? Object.entries(node) : [];
    for (const [key, value] of entries) {
      const found =
        key === "Identifier" ? misreadName(value) : key === "Select" ? emptySelect(value) : undefined;
      if (found !== undefined) return found;
      // Behind a dot every word may be a name.
      if (typeof value === "object" && value !== null)
        left.push(key === "name" && Array.isArray(value) ? value[0] : value);
    }
  }
  return undefined;
};

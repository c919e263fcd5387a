import type { QueryFacts, TableReference } from "./facts.ts";

export interface InlineQuery {
  /** Name of the CTE to add. */
  readonly name: string;
  readonly sql: string;
}

export interface Rewrite {
  /** The new text of a table name, or undefined to leave it alone. */
  readonly rename: (reference: TableReference) => string | undefined;
  /** CTEs to put before all others, in order of use. */
  readonly inline: readonly InlineQuery[];
}

/** Puts new table names and CTEs into a query without touching anything else of its text. */
export const rewriteQuery = (sql: string, facts: QueryFacts, rewrite: Rewrite): string => {
  const edits: Edit[] = [];
  for (const reference of facts.references) {
    const name = rewrite.rename(reference);
    if (name === undefined) continue;
    edits.push({ start: reference.start, end: reference.end, text: name + keptAlias(sql, reference, name) });
  }
  if (rewrite.inline.length > 0) {
    const { offset, hasWith } = facts.insertion;
    const bodies = rewrite.inline.map((query) => `${query.name} AS (\n${query.sql}\n)`).join(",\n");
    edits.push({ start: offset, end: offset, text: hasWith ? `${bodies},\n` : `WITH ${bodies}\n` });
  }
  return applyEdits(sql, edits);
};

/** The last part of a dotted name, with its quotes. */
const LAST_PART = /(?:"(?:[^"]|"")*"|`[^`]*`|[^."`]+)$/;

/**
 * Columns may be qualified with the old name, so it stays usable when the new one ends differently. It is written as
 * the query writes it, because a name such as "order" needs its quotes.
 */
const keptAlias = (sql: string, reference: TableReference, renamed: string): string => {
  const old = reference.parts.at(-1) ?? "";
  const last = (LAST_PART.exec(renamed)?.[0] ?? renamed).replaceAll(/^["`]|["`]$/g, "");
  if (reference.alias !== null || last.toLowerCase() === old.toLowerCase()) return "";
  return ` AS ${LAST_PART.exec(sql.slice(reference.start, reference.end))?.[0] ?? old}`;
};

interface Edit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

const applyEdits = (text: string, edits: readonly Edit[]): string => {
  if (edits.length === 0) return text;
  const parts: string[] = [];
  let from = 0;
  for (const edit of [...edits].sort((left, right) => left.start - right.start)) {
    parts.push(text.slice(from, edit.start), edit.text);
    from = edit.end;
  }
  parts.push(text.slice(from));
  return parts.join("");
};

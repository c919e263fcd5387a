/** A stretch of SQL text: code, or something inside which code characters mean nothing. */
export type RegionKind = "code" | "string" | "quoted" | "comment";

export interface Region {
  readonly kind: RegionKind;
  readonly start: number;
  readonly end: number;
}

const QUOTES: Readonly<Record<string, RegionKind>> = { "'": "string", '"': "quoted", "`": "quoted" };

/** Cuts SQL into regions that together cover all of it. An unclosed quote or comment reaches to the end. */
export const scanRegions = (sql: string): readonly Region[] => {
  const regions: Region[] = [];
  let codeStart = 0;
  let index = 0;
  const push = (kind: RegionKind, end: number): void => {
    if (index > codeStart) regions.push({ kind: "code", start: codeStart, end: index });
    regions.push({ kind, start: index, end });
    codeStart = end;
    index = end;
  };
  while (index < sql.length) {
    const character = sql[index] ?? "";
    const quote = QUOTES[character];
    if (quote !== undefined) push(quote, closingQuote(sql, index, character));
    else if (sql.startsWith("--", index)) push("comment", orEnd(sql, sql.indexOf("\n", index), 0));
    else if (sql.startsWith("/*", index)) push("comment", closingComment(sql, index));
    else index += 1;
  }
  if (sql.length > codeStart) regions.push({ kind: "code", start: codeStart, end: sql.length });
  return regions;
};

const orEnd = (sql: string, found: number, width: number): number => (found < 0 ? sql.length : found + width);

/** A doubled quote is one quote character inside the text. */
const closingQuote = (sql: string, open: number, quote: string): number => {
  let at = sql.indexOf(quote, open + 1);
  while (at >= 0 && sql[at + 1] === quote) at = sql.indexOf(quote, at + 2);
  return orEnd(sql, at, 1);
};

/** Block comments nest. */
const closingComment = (sql: string, open: number): number => {
  let depth = 0;
  for (let index = open; index < sql.length; index += 1) {
    if (sql.startsWith("/*", index)) {
      depth += 1;
      index += 1;
    } else if (sql.startsWith("*/", index)) {
      depth -= 1;
      index += 1;
      if (depth === 0) return index + 1;
    }
  }
  return sql.length;
};

/** The query without semicolons and outer blanks, so that it can be put into a larger statement. */
export const bareQuery = (sql: string): string => {
  if (!sql.includes(";")) return closeComment(sql.trim());
  const kept = scanRegions(sql).map((region) => {
    const part = sql.slice(region.start, region.end);
    return region.kind === "code" ? part.replaceAll(";", "") : part;
  });
  return closeComment(kept.join("").trim());
};

/** A line comment at the very end would swallow what follows the query. */
const closeComment = (sql: string): string => {
  const lastLine = sql.slice(sql.lastIndexOf("\n") + 1);
  if (!lastLine.includes("--")) return sql;
  return scanRegions(sql).at(-1)?.kind === "comment" ? `${sql}\n` : sql;
};

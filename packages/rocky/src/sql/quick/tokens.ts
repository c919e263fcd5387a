/** `word` is unquoted; `name` is a quoted identifier. */
export type TokenKind = "word" | "name" | "number" | "string" | "parameter" | "symbol" | "end";

export interface Token {
  readonly kind: TokenKind;
  /** Words in lower case, names without quotes, symbols as they are; empty for the others. */
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

const TWO_CHARACTER_SYMBOLS = new Set(["::", "<>", "!=", "<=", ">=", "||", "//"]);
const SYMBOLS = new Set("(),.*+-/%=<>;");

const isDigit = (code: number): boolean => code >= 48 && code <= 57;
const isWordStart = (code: number): boolean =>
  (code >= 97 && code <= 122) || (code >= 65 && code <= 90) || code === 95;
const isWordPart = (code: number): boolean => isWordStart(code) || isDigit(code);

/** Cuts a query into tokens; undefined for any character or quoting that the quick parser does not read. */
export const tokenize = (sql: string): readonly Token[] | undefined => {
  const tokens: Token[] = [];
  let index = 0;
  while (index < sql.length) {
    const code = sql.charCodeAt(index);
    if (code === 32 || (code >= 9 && code <= 13)) {
      index += 1;
      continue;
    }
    const start = index;
    if (isWordStart(code)) {
      index = wordEnd(sql, index);
      // A letter right before a quote changes what the quote means (E'…', X'…').
      if (sql[index] === "'" || sql[index] === '"') return undefined;
      tokens.push({ kind: "word", text: sql.slice(start, index).toLowerCase(), start, end: index });
    } else if (isDigit(code)) {
      index = numberEnd(sql, index);
      if (isWordPart(sql.charCodeAt(index))) return undefined;
      tokens.push({ kind: "number", text: "", start, end: index });
    } else if (code === 39 || code === 34) {
      const quote = code === 39 ? "'" : '"';
      index = quoteEnd(sql, index, quote);
      if (index < 0) return undefined;
      const text = code === 39 ? "" : sql.slice(start + 1, index - 1).replaceAll('""', '"');
      tokens.push({ kind: code === 39 ? "string" : "name", text, start, end: index });
    } else if (sql.startsWith("--", index)) {
      const end = sql.indexOf("\n", index);
      index = end < 0 ? sql.length : end;
    } else if (sql.startsWith("/*", index)) {
      const end = sql.indexOf("*/", index + 2);
      // Whether block comments nest differs between dialects.
      if (end < 0 || sql.lastIndexOf("/*", end - 1) > index) return undefined;
      index = end + 2;
    } else if (code === 64) {
      index = wordEnd(sql, index + 1);
      if (index === start + 1 || sql[index] === "(") return undefined;
      tokens.push({ kind: "parameter", text: "", start, end: index });
    } else {
      const two = sql.slice(index, index + 2);
      const text = TWO_CHARACTER_SYMBOLS.has(two) ? two : two.charAt(0);
      if (text.length === 1 && !SYMBOLS.has(text)) return undefined;
      index += text.length;
      tokens.push({ kind: "symbol", text, start, end: index });
    }
  }
  tokens.push({ kind: "end", text: "", start: sql.length, end: sql.length });
  return tokens;
};

const wordEnd = (sql: string, from: number): number => {
  let index = from;
  while (isWordPart(sql.charCodeAt(index))) index += 1;
  return index;
};

const numberEnd = (sql: string, from: number): number => {
  let index = from;
  while (isDigit(sql.charCodeAt(index))) index += 1;
  if (sql[index] !== ".") return index;
  index += 1;
  while (isDigit(sql.charCodeAt(index))) index += 1;
  return index;
};

const quoteEnd = (sql: string, open: number, quote: string): number => {
  let at = sql.indexOf(quote, open + 1);
  while (at >= 0 && sql[at + 1] === quote) at = sql.indexOf(quote, at + 2);
  return at < 0 ? -1 : at + 1;
};

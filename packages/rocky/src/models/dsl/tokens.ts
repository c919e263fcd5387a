export type TokenKind = "keyword" | "name" | "string" | "number" | "date" | "symbol" | "end";

export interface Token {
  readonly kind: TokenKind;
  readonly text: string;
  readonly line: number;
  readonly column: number;
}

/** A place in a DSL file that cannot be read. */
export class DslProblem extends Error {
  readonly line: number;
  readonly column: number;
  readonly hint: string | undefined;

  constructor(message: string, at: { readonly line: number; readonly column: number }, hint?: string) {
    super(message);
    this.line = at.line;
    this.column = at.column;
    this.hint = hint;
  }
}

const KEYWORDS: ReadonlySet<string> = new Set(
  (
    "let from where group derive select join window sort take distinct union replicate check as on by order keep " +
    "asc desc and or not is null in true false match over partition rows range unbounded current"
  ).split(" "),
);

// Tried in order at each position. Line breaks and `|` only separate steps, whose first word says what they are.
const PATTERNS: readonly (readonly [TokenKind | "skip", RegExp])[] = [
  ["skip", /[ \t\r\n|]+/y],
  ["skip", /--[^\n]*/y],
  ["string", /"[^"]*"|'[^']*'/y],
  ["date", /@\d{4}-\d{2}-\d{2}(?:T\d{2}:\d{2}:\d{2}Z?)?/y],
  ["number", /\d[\d_]*(?:\.\d[\d_]*)?/y],
  ["name", /[A-Za-z_][A-Za-z0-9_]*/y],
  ["symbol", /\.\.|=>|==|!=|>=|<=|[{}()[\]:,.*+\-/%<>=]/y],
];

const kindOf = (kind: TokenKind, text: string): TokenKind => {
  if (kind === "name" && KEYWORDS.has(text)) return "keyword";
  return kind === "name" && text === "_" ? "symbol" : kind;
};

/** Cuts a DSL file into tokens; the last one is `end`. */
export const tokenize = (source: string): readonly Token[] => {
  const tokens: Token[] = [];
  let at = 0;
  let line = 1;
  let lineStart = 0;
  while (at < source.length) {
    const here = { line, column: at - lineStart + 1 };
    const from = at;
    for (const [kind, pattern] of PATTERNS) {
      pattern.lastIndex = from;
      const text = pattern.exec(source)?.[0];
      if (text === undefined) continue;
      at = from + text.length;
      if (kind !== "skip") tokens.push({ kind: kindOf(kind, text), text, ...here });
      for (let index = text.indexOf("\n"); index >= 0; index = text.indexOf("\n", index + 1)) {
        line += 1;
        lineStart = from + index + 1;
      }
      break;
    }
    if (at === from) throw new DslProblem(`unexpected character '${source[at]}'`, here);
  }
  tokens.push({ kind: "end", text: "end of file", line, column: at - lineStart + 1 });
  return tokens;
};

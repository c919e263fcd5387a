/** A template that cannot be read or evaluated. The caller adds where the template stands. */
export class TemplateError extends Error {
  override readonly name = "TemplateError";
}

export type Token =
  | { readonly kind: "name"; readonly text: string }
  | { readonly kind: "string"; readonly text: string }
  | { readonly kind: "number"; readonly value: number }
  | { readonly kind: "operator"; readonly text: string }
  | { readonly kind: "end" };

const OPERATORS = [
  "**",
  "//",
  "==",
  "!=",
  "<=",
  ">=",
  "+",
  "-",
  "*",
  "/",
  "%",
  "~",
  "<",
  ">",
  "=",
  "(",
  ")",
  "[",
  "]",
  "{",
  "}",
  ",",
  ":",
  ".",
  "|",
];

const ESCAPES: Readonly<Record<string, string>> = {
  n: "\n",
  t: "\t",
  r: "\r",
  "\\": "\\",
  "'": "'",
  '"': '"',
};

const readString = (source: string, start: number): { text: string; end: number } => {
  const quote = source[start];
  let text = "";
  for (let i = start + 1; i < source.length; i++) {
    const unit = source[i] ?? "";
    if (unit === quote) return { text, end: i + 1 };
    if (unit !== "\\") {
      text += unit;
      continue;
    }
    const next = source[++i] ?? "";
    text += ESCAPES[next] ?? `\\${next}`;
  }
  throw new TemplateError(`a string in "${source.trim()}" is not closed`);
};

/** Cuts one expression, the text between `{{` and `}}`, into tokens. */
export const tokenize = (source: string): readonly Token[] => {
  const tokens: Token[] = [];
  let at = 0;
  while (at < source.length) {
    const rest = source.slice(at);
    const space = /^\s+/.exec(rest);
    if (space) {
      at += space[0].length;
      continue;
    }
    const unit = rest[0] ?? "";
    if (unit === "'" || unit === '"') {
      const { text, end } = readString(source, at);
      tokens.push({ kind: "string", text });
      at = end;
      continue;
    }
    const number = /^(?:\d[\d_]*(?:\.\d+)?(?:[eE][-+]?\d+)?)/.exec(rest);
    if (number) {
      tokens.push({ kind: "number", value: Number(number[0].replaceAll("_", "")) });
      at += number[0].length;
      continue;
    }
    const name = /^[\p{L}_][\p{L}\p{N}_]*/u.exec(rest);
    if (name) {
      tokens.push({ kind: "name", text: name[0] });
      at += name[0].length;
      continue;
    }
    const operator = OPERATORS.find((candidate) => rest.startsWith(candidate));
    if (operator === undefined) {
      throw new TemplateError(`unexpected character ${JSON.stringify(unit)} in "${source.trim()}"`);
    }
    tokens.push({ kind: "operator", text: operator });
    at += operator.length;
  }
  tokens.push({ kind: "end" });
  return tokens;
};

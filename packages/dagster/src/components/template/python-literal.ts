/** Raised inside this file only; a text that is no literal stays a text. */
class NotLiteral extends Error {}

const NUMBER =
  /^(?:0[xX][\da-fA-F_]+|0[oO][0-7_]+|0[bB][01_]+|(?:\d[\d_]*\.?[\d_]*|\.\d[\d_]*)(?:[eE][-+]?\d+)?)/;
const NAME = /^(?:True|False|None)\b/;
const ESCAPES: Readonly<Record<string, string>> = {
  n: "\n",
  t: "\t",
  r: "\r",
  "\\": "\\",
  "'": "'",
  '"': '"',
  "\n": "",
};
const MAX_DEPTH = 64;

class LiteralReader {
  readonly #text: string;
  #at = 0;
  #depth = 0;

  constructor(text: string) {
    this.#text = text;
  }

  whole(): unknown {
    const value = this.#sequence("");
    if (this.#at < this.#text.length) throw new NotLiteral();
    return value;
  }

  #space(): void {
    while (/[ \t\n\r]/.test(this.#text[this.#at] ?? "x")) this.#at++;
  }

  #accept(token: string): boolean {
    this.#space();
    if (!this.#text.startsWith(token, this.#at)) return false;
    this.#at += token.length;
    return true;
  }

  /** One value, or a tuple when a comma follows. `close` is the bracket that ends it, empty at the end. */
  #sequence(close: string): unknown {
    const items = [this.#value()];
    let isTuple = false;
    while (this.#accept(",")) {
      isTuple = true;
      this.#space();
      if (this.#at >= this.#text.length || (close !== "" && this.#text.startsWith(close, this.#at))) break;
      items.push(this.#value());
    }
    this.#space();
    return isTuple ? items : items[0];
  }

  #value(): unknown {
    if (++this.#depth > MAX_DEPTH) throw new NotLiteral();
    this.#space();
    const value = this.#bracketed();
    this.#depth--;
    return value;
  }

  #bracketed(): unknown {
    if (this.#accept("(")) {
      if (this.#accept(")")) return [];
      const value = this.#sequence(")");
      if (!this.#accept(")")) throw new NotLiteral();
      return value;
    }
    if (this.#accept("[")) {
      if (this.#accept("]")) return [];
      const value = this.#list("]");
      return value;
    }
    if (this.#accept("{")) return this.#braces();
    return this.#scalar();
  }

  #list(close: string): unknown[] {
    const items = [this.#value()];
    while (this.#accept(",")) {
      if (this.#accept(close)) return items;
      items.push(this.#value());
    }
    if (!this.#accept(close)) throw new NotLiteral();
    return items;
  }

  #braces(): unknown {
    if (this.#accept("}")) return {};
    const first = this.#value();
    if (!this.#accept(":")) {
      return this.#accept(",")
        ? [first, ...(this.#accept("}") ? [] : this.#list("}"))]
        : this.#closed([first]);
    }
    const entries: [string, unknown][] = [[String(first), this.#value()]];
    while (this.#accept(",")) {
      if (this.#accept("}")) return Object.fromEntries(entries);
      const key = this.#value();
      if (!this.#accept(":")) throw new NotLiteral();
      entries.push([String(key), this.#value()]);
    }
    return this.#closed(Object.fromEntries(entries));
  }

  #closed<T>(value: T): T {
    if (!this.#accept("}")) throw new NotLiteral();
    return value;
  }

  #scalar(): unknown {
    const rest = this.#text.slice(this.#at);
    const sign = /^[-+]/.exec(rest);
    if (sign) {
      this.#at++;
      const number = this.#number(this.#text.slice(this.#at));
      return sign[0] === "-" ? -number : number;
    }
    const name = NAME.exec(rest);
    if (name) {
      this.#at += name[0].length;
      return name[0] === "None" ? null : name[0] === "True";
    }
    if (rest.startsWith("'") || rest.startsWith('"')) return this.#strings();
    return this.#number(rest);
  }

  #number(rest: string): number {
    const found = NUMBER.exec(rest)?.[0];
    if (found === undefined || /^0[\d_]*[1-9]/.test(found) || /_$|__|\._|_\./.test(found))
      throw new NotLiteral();
    this.#at += found.length;
    if (/[\p{L}\p{N}_]/u.test(this.#text[this.#at] ?? "")) throw new NotLiteral();
    const value = Number(found.replaceAll("_", ""));
    if (Number.isNaN(value)) throw new NotLiteral();
    return value;
  }

  /** Adjacent strings are one. */
  #strings(): string {
    let text = "";
    do text += this.#string();
    while (this.#startsString());
    return text;
  }

  #startsString(): boolean {
    this.#space();
    return /['"]/.test(this.#text[this.#at] ?? "");
  }

  #string(): string {
    const quote = this.#text[this.#at] ?? "";
    if (this.#text.startsWith(quote.repeat(3), this.#at)) throw new NotLiteral();
    let text = "";
    for (this.#at++; this.#at < this.#text.length; this.#at++) {
      const unit = this.#text[this.#at] ?? "";
      if (unit === quote) {
        this.#at++;
        return text;
      }
      if (unit === "\n") throw new NotLiteral();
      if (unit === "\\") {
        const next = this.#text[++this.#at] ?? "";
        text += ESCAPES[next] ?? `\\${next}`;
      } else text += unit;
    }
    throw new NotLiteral();
  }
}

/**
 * What Python's `literal_eval` makes of a text, or the text itself. Dagster's templates do this to every result,
 * so `"{{ env.PORT }}"` gives a number.
 */
export const pythonLiteral = (text: string): unknown => {
  // Names, the usual case, never are literals: most texts need no parsing.
  if (!/^["'([{\-+.\dTFN]/.test(text)) return text;
  try {
    return new LiteralReader(text).whole();
  } catch (error) {
    if (error instanceof NotLiteral) return text;
    throw error;
  }
};

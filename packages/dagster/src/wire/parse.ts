import { WireFloat } from "./float.ts";
import type { Json } from "./value.ts";

/** The text is not JSON. `position` counts UTF-16 units from 0. */
export class JsonSyntaxError extends Error {
  override readonly name = "JsonSyntaxError";
  readonly position: number;

  constructor(message: string, position: number) {
    super(`${message} at character ${position}`);
    this.position = position;
  }
}

const NUMBER = /-?(?:0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?/y;
const BLANK = /[ \t\n\r]*/y;
const ESCAPES: Readonly<Record<string, string>> = {
  b: "\b",
  f: "\f",
  n: "\n",
  r: "\r",
  t: "\t",
  '"': '"',
  "\\": "\\",
  "/": "/",
};
const WORDS: readonly (readonly [string, Json])[] = [
  ["null", null],
  ["true", true],
  ["false", false],
  ["NaN", Number.NaN],
  ["Infinity", Number.POSITIVE_INFINITY],
  ["-Infinity", Number.NEGATIVE_INFINITY],
];

/**
 * Reads JSON as Python's lenient decoder does (bare `NaN` and `Infinity`, raw control characters in
 * strings) without losing anything: big integers become `bigint`, floats that look like integers
 * `WireFloat`. Writing the result again gives the same text when it was canonical.
 */
export function parseJson(text: string): Json {
  return new Parser(text).document();
}

class Parser {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  document(): Json {
    const value = this.#value();
    this.#skipBlank();
    if (this.#at < this.#text.length) throw this.#error("unexpected text after the value");
    return value;
  }

  #error(message: string): JsonSyntaxError {
    return new JsonSyntaxError(message, this.#at);
  }

  #skipBlank(): void {
    const code = this.#text.charCodeAt(this.#at);
    if (code > 32) return;
    BLANK.lastIndex = this.#at;
    BLANK.test(this.#text);
    this.#at = BLANK.lastIndex;
  }

  #value(): Json {
    this.#skipBlank();
    switch (this.#text[this.#at]) {
      case "{":
        return this.#object();
      case "[":
        return this.#array();
      case '"':
        return this.#string();
      default:
        return this.#scalar();
    }
  }

  #scalar(): Json {
    for (const [word, value] of WORDS) {
      if (this.#text.startsWith(word, this.#at)) {
        this.#at += word.length;
        return value;
      }
    }
    NUMBER.lastIndex = this.#at;
    const match = NUMBER.exec(this.#text);
    if (match === null) throw this.#error("expected a value");
    this.#at = NUMBER.lastIndex;
    const number = Number(match[0]);
    if (match[1] === undefined && match[2] === undefined) {
      return Number.isSafeInteger(number) && match[0] !== "-0" ? number : BigInt(match[0]);
    }
    return Number.isSafeInteger(number) ? new WireFloat(number) : number;
  }

  #array(): Json {
    const items: Json[] = [];
    this.#at++;
    this.#skipBlank();
    if (this.#take("]")) return items;
    for (;;) {
      items.push(this.#value());
      this.#skipBlank();
      if (this.#take("]")) return items;
      if (!this.#take(",")) throw this.#error("expected `,` or `]`");
    }
  }

  #object(): Json {
    const fields: Record<string, Json> = {};
    this.#at++;
    this.#skipBlank();
    if (this.#take("}")) return fields;
    for (;;) {
      this.#skipBlank();
      if (this.#text[this.#at] !== '"') throw this.#error("expected a key");
      const key = this.#string();
      this.#skipBlank();
      if (!this.#take(":")) throw this.#error("expected `:`");
      setOwn(fields, key, this.#value());
      this.#skipBlank();
      if (this.#take("}")) return fields;
      if (!this.#take(",")) throw this.#error("expected `,` or `}`");
    }
  }

  #take(unit: string): boolean {
    if (this.#text[this.#at] !== unit) return false;
    this.#at++;
    return true;
  }

  #string(): string {
    let start = ++this.#at;
    let decoded = "";
    for (;;) {
      const code = this.#text.charCodeAt(this.#at);
      if (code === 34) {
        const tail = this.#text.slice(start, this.#at++);
        return decoded === "" ? tail : decoded + tail;
      }
      if (code === 92) {
        decoded += this.#text.slice(start, this.#at) + this.#escape();
        start = this.#at;
      } else if (Number.isNaN(code)) {
        throw this.#error("unterminated string");
      } else {
        this.#at++;
      }
    }
  }

  #escape(): string {
    const unit = this.#text[this.#at + 1] ?? "";
    const short = ESCAPES[unit];
    if (short !== undefined) {
      this.#at += 2;
      return short;
    }
    const hex = this.#text.slice(this.#at + 2, this.#at + 6);
    if (unit !== "u" || !/^[0-9a-fA-F]{4}$/.test(hex)) throw this.#error("invalid escape");
    this.#at += 6;
    return String.fromCharCode(Number.parseInt(hex, 16));
  }
}

/** Plain assignment would set the prototype when the key is `__proto__`. */
function setOwn(target: Record<string, Json>, key: string, value: Json): void {
  if (key !== "__proto__") target[key] = value;
  else Object.defineProperty(target, key, { value, enumerable: true, configurable: true, writable: true });
}

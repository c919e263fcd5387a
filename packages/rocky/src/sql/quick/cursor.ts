import type { Token } from "./tokens.ts";
import { RESERVED, VALUES } from "./words.ts";

/** Thrown when a query holds something that the quick parser does not read; the full parser then decides. */
export class NotQuick extends Error {}

const NOT_QUICK = new NotQuick("not readable by the quick parser");

export const giveUp = (): never => {
  throw NOT_QUICK;
};

const DEEPEST_NESTING = 200;

/** A place in the tokens. Reading methods move on only when they answer true or a token. */
export class Cursor {
  readonly #sql: string;
  readonly #tokens: readonly Token[];
  #index = 0;
  #depth = 0;

  constructor(sql: string, tokens: readonly Token[]) {
    this.#sql = sql;
    this.#tokens = tokens;
  }

  peek(ahead = 0): Token {
    return this.#tokens[this.#index + ahead] ?? giveUp();
  }

  next(): Token {
    const token = this.peek();
    this.#index += 1;
    return token;
  }

  isWord(word: string, ahead = 0): boolean {
    const token = this.peek(ahead);
    return token.kind === "word" && token.text === word;
  }

  isSymbol(symbol: string, ahead = 0): boolean {
    const token = this.peek(ahead);
    return token.kind === "symbol" && token.text === symbol;
  }

  word(word: string): boolean {
    if (!this.isWord(word)) return false;
    this.#index += 1;
    return true;
  }

  symbol(symbol: string): boolean {
    if (!this.isSymbol(symbol)) return false;
    this.#index += 1;
    return true;
  }

  expectWord(word: string): void {
    if (!this.word(word)) giveUp();
  }

  expectSymbol(symbol: string): void {
    if (!this.symbol(symbol)) giveUp();
  }

  /** A quoted name, or a word that no dialect reserves. */
  isName(ahead = 0): boolean {
    const token = this.peek(ahead);
    return token.kind === "name" || (token.kind === "word" && !RESERVED.has(token.text));
  }

  name(): Token {
    return this.isName() ? this.next() : giveUp();
  }

  /** After AS or a dot any word is a name, save those that always mean a value. */
  anyName(): Token {
    const token = this.peek();
    const named = token.kind === "name" || (token.kind === "word" && !VALUES.has(token.text));
    return named ? this.next() : giveUp();
  }

  /** A name as it was written, without quotes; words are compared in lower case but spelled as written. */
  nameText(token: Token): string {
    return token.kind === "name" ? token.text : this.#sql.slice(token.start, token.end);
  }

  /** Guards the call stack against queries nested without end. */
  nested<T>(read: () => T): T {
    if (this.#depth >= DEEPEST_NESTING) return giveUp();
    this.#depth += 1;
    const value = read();
    this.#depth -= 1;
    return value;
  }
}

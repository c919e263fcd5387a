import { DslProblem, type Token } from "./tokens.ts";

/** Walks over tokens. */
export interface TokenReader {
  readonly peek: (ahead?: number) => Token;
  readonly next: () => Token;
  /** True when the next token has this text and is no quoted text. */
  readonly is: (text: string, ahead?: number) => boolean;
  /** Takes the token when it has this text. */
  readonly accept: (text: string) => boolean;
  readonly expect: (text: string) => Token;
  readonly name: (what: string) => string;
  readonly fail: (message: string, hint?: string) => never;
  /** Takes items until `close`, separated by commas; a trailing comma is fine. */
  readonly listUntil: <T>(close: string, read: () => T) => readonly T[];
}

export const createTokenReader = (tokens: readonly Token[]): TokenReader => {
  let at = 0;
  const end = tokens.at(-1) ?? { kind: "end", text: "end of file", line: 1, column: 1 };
  const peek = (ahead = 0): Token => tokens[at + ahead] ?? end;
  const fail = (message: string, hint?: string): never => {
    throw new DslProblem(message, peek(), hint);
  };
  const is = (text: string, ahead = 0): boolean => peek(ahead).text === text && peek(ahead).kind !== "string";
  const next = (): Token => {
    const token = peek();
    at += 1;
    return token;
  };
  const accept = (text: string): boolean => {
    if (!is(text)) return false;
    at += 1;
    return true;
  };
  const expect = (text: string): Token =>
    is(text) ? next() : fail(`expected '${text}', found '${peek().text}'`);
  return {
    peek,
    next,
    is,
    accept,
    expect,
    fail,
    name: (what) => {
      if (peek().kind === "name") return next().text;
      const hint = peek().kind === "keyword" ? `'${peek().text}' is a reserved word` : undefined;
      return fail(`expected ${what}, found '${peek().text}'`, hint);
    },
    listUntil: (close, read) => {
      const items = [];
      while (!accept(close)) {
        items.push(read());
        if (accept(close)) break;
        expect(",");
      }
      return items;
    },
  };
};

import { type Cursor, giveUp } from "./cursor.ts";
import type { Expression } from "./expression-tree.ts";
import { readType } from "./types.ts";
import { CALLABLE, OPAQUE_CALLS, RESERVED, TYPED_LITERALS } from "./words.ts";

/** Reads the query of a subquery; the expression does not care what it puts out. */
export type SkipQuery = (cursor: Cursor) => void;

export interface ExpressionReader {
  readonly expression: (cursor: Cursor) => Expression;
  readonly orderList: (cursor: Cursor) => void;
}

const UNITS = /^(?:second|minute|hour|day|week|month|quarter|year)s?$/;

// Binding strength, loosest first.
const OR = 1;
const AND = 2;
const NOT = 3;
const COMPARE = 4;
const ADD = 5;
const MULTIPLY = 6;

const BINARY: ReadonlyMap<string, number> = new Map([
  ["=", COMPARE],
  ["<>", COMPARE],
  ["!=", COMPARE],
  ["<", COMPARE],
  [">", COMPARE],
  ["<=", COMPARE],
  [">=", COMPARE],
  ["+", ADD],
  ["-", ADD],
  ["||", ADD],
  ["*", MULTIPLY],
  ["/", MULTIPLY],
  ["//", MULTIPLY],
  ["%", MULTIPLY],
]);

export const expressionReader = (skipQuery: SkipQuery): ExpressionReader => {
  const expression = (cursor: Cursor): Expression => cursor.nested(() => binary(cursor, OR));

  const expressionList = (cursor: Cursor): readonly Expression[] => {
    const found = [expression(cursor)];
    while (cursor.symbol(",")) found.push(expression(cursor));
    return found;
  };

  /** Operators at least as strong as `strength`. Any operator makes the whole untraceable. */
  const binary = (cursor: Cursor, strength: number): Expression => {
    let left = strength <= NOT && cursor.word("not") ? negated(cursor) : unary(cursor);
    for (;;) {
      const token = cursor.peek();
      if (token.kind === "symbol") {
        const own = BINARY.get(token.text);
        if (own === undefined || own < strength) return left;
        cursor.next();
        binary(cursor, own + 1);
      } else if (token.kind === "word" && token.text === "and" && strength <= AND) {
        cursor.next();
        binary(cursor, NOT);
      } else if (token.kind === "word" && token.text === "or" && strength <= OR) {
        cursor.next();
        binary(cursor, AND);
      } else if (strength > COMPARE || !predicate(cursor)) return left;
      left = null;
    }
  };

  const negated = (cursor: Cursor): Expression => {
    binary(cursor, NOT);
    return null;
  };

  /** IS …, [NOT] IN …, [NOT] BETWEEN …, [NOT] LIKE …; false when none of them follows. */
  const predicate = (cursor: Cursor): boolean => {
    if (cursor.word("is")) {
      cursor.word("not");
      if (cursor.word("null") || cursor.word("true") || cursor.word("false")) return true;
      cursor.expectWord("distinct");
      cursor.expectWord("from");
      binary(cursor, ADD);
      return true;
    }
    const ahead = cursor.isWord("not") ? 1 : 0;
    if (cursor.isWord("in", ahead)) {
      if (ahead === 1) cursor.next();
      cursor.next();
      cursor.expectSymbol("(");
      if (startsQuery(cursor)) cursor.nested(() => skipQuery(cursor));
      else expressionList(cursor);
      cursor.expectSymbol(")");
      return true;
    }
    if (cursor.isWord("between", ahead)) {
      if (ahead === 1) cursor.next();
      cursor.next();
      binary(cursor, ADD);
      cursor.expectWord("and");
      binary(cursor, ADD);
      return true;
    }
    if (cursor.isWord("like", ahead) || cursor.isWord("ilike", ahead)) {
      if (ahead === 1) cursor.next();
      cursor.next();
      binary(cursor, ADD);
      return true;
    }
    return ahead === 1 ? giveUp() : false;
  };

  const unary = (cursor: Cursor): Expression => {
    if (cursor.symbol("-") || cursor.symbol("+")) {
      unary(cursor);
      return null;
    }
    let value = primary(cursor);
    while (cursor.symbol("::")) value = { kind: "cast", fallible: false, to: readType(cursor), inner: value };
    return value;
  };

  const primary = (cursor: Cursor): Expression => {
    const token = cursor.peek();
    switch (token.kind) {
      case "number":
      case "string":
      case "parameter":
        cursor.next();
        return null;
      case "name":
        return path(cursor);
      case "word":
        return wordPrimary(cursor, token.text);
      case "symbol":
        return token.text === "(" ? parenthesised(cursor) : giveUp();
      default:
        return giveUp();
    }
  };

  const parenthesised = (cursor: Cursor): Expression => {
    cursor.expectSymbol("(");
    if (startsQuery(cursor)) cursor.nested(() => skipQuery(cursor));
    else expressionList(cursor);
    cursor.expectSymbol(")");
    return null;
  };

  const wordPrimary = (cursor: Cursor, word: string): Expression => {
    switch (word) {
      case "null":
      case "true":
      case "false":
        cursor.next();
        return null;
      case "case":
        return caseExpression(cursor);
      case "cast":
      case "try_cast":
      case "safe_cast":
        return castCall(cursor, word !== "cast");
      case "exists":
        cursor.next();
        cursor.expectSymbol("(");
        cursor.nested(() => skipQuery(cursor));
        cursor.expectSymbol(")");
        return null;
      case "interval":
        return interval(cursor);
      case "extract":
        return extract(cursor);
      case "trim":
        cursor.next();
        cursor.expectSymbol("(");
        expression(cursor);
        cursor.expectSymbol(")");
        return null;
      case "current_date":
      case "current_timestamp":
        cursor.next();
        return cursor.isSymbol("(") ? giveUp() : null;
      default:
        break;
    }
    if (TYPED_LITERALS.has(word) && cursor.peek(1).kind === "string") {
      cursor.next();
      cursor.next();
      return null;
    }
    if (!RESERVED.has(word) || (CALLABLE.has(word) && cursor.isSymbol("(", 1))) return path(cursor);
    return giveUp();
  };

  const caseExpression = (cursor: Cursor): Expression => {
    cursor.next();
    if (!cursor.isWord("when")) expression(cursor);
    do {
      cursor.expectWord("when");
      expression(cursor);
      cursor.expectWord("then");
      expression(cursor);
    } while (cursor.isWord("when"));
    if (cursor.word("else")) expression(cursor);
    cursor.expectWord("end");
    return null;
  };

  const castCall = (cursor: Cursor, fallible: boolean): Expression => {
    cursor.next();
    cursor.expectSymbol("(");
    const inner = expression(cursor);
    cursor.expectWord("as");
    const to = readType(cursor);
    cursor.expectSymbol(")");
    return { kind: "cast", fallible, to, inner };
  };

  /** `INTERVAL '1 day'`, `INTERVAL 1 DAY`. */
  const interval = (cursor: Cursor): Expression => {
    cursor.next();
    const value = cursor.next();
    const unit = cursor.peek();
    const named = unit.kind === "word" && UNITS.test(unit.text);
    if (value.kind === "number" ? !named : value.kind !== "string") return giveUp();
    if (named) cursor.next();
    return null;
  };

  /** `EXTRACT(YEAR FROM x)`. */
  const extract = (cursor: Cursor): Expression => {
    cursor.next();
    cursor.expectSymbol("(");
    const unit = cursor.next();
    if (unit.kind !== "word" || !UNITS.test(unit.text)) return giveUp();
    cursor.expectWord("from");
    expression(cursor);
    cursor.expectSymbol(")");
    return null;
  };

  const path = (cursor: Cursor): Expression => {
    const first = cursor.next();
    const parts = [cursor.nameText(first)];
    let at = first.start;
    while (cursor.isSymbol(".")) {
      cursor.next();
      const part = cursor.anyName();
      parts.push(cursor.nameText(part));
      at = part.start;
    }
    if (cursor.isSymbol("(")) return first.kind === "name" ? giveUp() : call(cursor, parts.at(-1) ?? "");
    return { kind: "path", parts, at };
  };

  const call = (cursor: Cursor, written: string): Expression => {
    const name = written.toLowerCase();
    const opaque = OPAQUE_CALLS.get(name);
    if (opaque !== undefined) return opaqueCall(cursor, opaque);
    cursor.expectSymbol("(");
    const args: Expression[] = [];
    if (cursor.symbol("*")) cursor.expectSymbol(")");
    else if (!cursor.symbol(")")) {
      if (!cursor.word("distinct")) cursor.word("all");
      args.push(...expressionList(cursor));
      if (cursor.isWord("order")) orderBy(cursor);
      cursor.expectSymbol(")");
    }
    if (cursor.word("filter")) {
      cursor.expectSymbol("(");
      cursor.expectWord("where");
      expression(cursor);
      cursor.expectSymbol(")");
    }
    const windowed = cursor.word("over");
    if (windowed) windowSpecification(cursor);
    return { kind: "call", name, args, windowed };
  };

  const opaqueCall = (cursor: Cursor, mostArguments: number): Expression => {
    cursor.expectSymbol("(");
    if (expressionList(cursor).length > mostArguments) giveUp();
    cursor.expectSymbol(")");
    return null;
  };

  const windowSpecification = (cursor: Cursor): void => {
    cursor.expectSymbol("(");
    if (cursor.word("partition")) {
      cursor.expectWord("by");
      expressionList(cursor);
    }
    if (cursor.isWord("order")) orderBy(cursor);
    if (cursor.word("rows") || cursor.word("range")) {
      if (cursor.word("between")) {
        frameBound(cursor);
        cursor.expectWord("and");
      }
      frameBound(cursor);
    }
    cursor.expectSymbol(")");
  };

  const frameBound = (cursor: Cursor): void => {
    if (cursor.word("current")) {
      cursor.expectWord("row");
      return;
    }
    if (!cursor.word("unbounded") && cursor.next().kind !== "number") giveUp();
    if (!cursor.word("preceding")) cursor.expectWord("following");
  };

  const orderBy = (cursor: Cursor): void => {
    cursor.expectWord("order");
    cursor.expectWord("by");
    orderList(cursor);
  };

  const orderList = (cursor: Cursor): void => {
    do {
      expression(cursor);
      if (!cursor.word("asc")) cursor.word("desc");
      if (cursor.word("nulls") && !cursor.word("first")) cursor.expectWord("last");
    } while (cursor.symbol(","));
  };

  return Object.freeze({ expression, orderList });
};

export const startsQuery = (cursor: Cursor): boolean => cursor.isWord("select") || cursor.isWord("with");

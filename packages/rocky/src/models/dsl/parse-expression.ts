import type { BinaryOperator, Expression, FrameBound, MatchArm, SortKey, Window } from "./syntax-tree.ts";
import type { TokenReader } from "./token-reader.ts";

// Deeper nesting than this is no query a person wrote, and would overflow the stack.
const DEEPEST_NESTING = 256;

const COMPARISONS: readonly BinaryOperator[] = ["==", "!=", "<", "<=", ">", ">="];
const SUMS: readonly BinaryOperator[] = ["+", "-"];
const PRODUCTS: readonly BinaryOperator[] = ["*", "/", "%"];

type Parse = (reader: TokenReader, depth: number) => Expression;

const operatorOf = (reader: TokenReader, operators: readonly BinaryOperator[]): BinaryOperator | undefined =>
  operators.find((operator) => reader.is(operator));

const leftToRight =
  (operators: readonly BinaryOperator[], operand: Parse): Parse =>
  (reader, depth) => {
    let left = operand(reader, depth);
    for (
      let found = operatorOf(reader, operators);
      found !== undefined;
      found = operatorOf(reader, operators)
    ) {
      reader.next();
      left = { kind: "binary", operator: found, left, right: operand(reader, depth) };
    }
    return left;
  };

const sortKey = (reader: TokenReader): SortKey => {
  const negated = reader.accept("-");
  const column = columnText(reader);
  const descending = reader.accept("desc");
  if (!descending) reader.accept("asc");
  return { column, descending: negated || descending };
};

/** A column name as SQL text, qualified or not. */
const columnText = (reader: TokenReader): string => {
  const first = reader.name("a column");
  return reader.accept(".") ? `${first}.${reader.name("a column")}` : first;
};

export const sortKeys = (reader: TokenReader): readonly SortKey[] => {
  const keys = [sortKey(reader)];
  while (reader.is(",") && (reader.is("-", 1) || reader.peek(1).kind === "name")) {
    reader.next();
    keys.push(sortKey(reader));
  }
  return keys;
};

const frameBound = (reader: TokenReader): FrameBound => {
  if (reader.accept("unbounded")) return { kind: "unbounded" };
  if (reader.accept("current")) return { kind: "current" };
  reader.accept("-");
  if (reader.peek().kind !== "number") return reader.fail("expected unbounded, current or a number of rows");
  return { kind: "offset", rows: reader.next().text };
};

const parseWindow = (reader: TokenReader): Window => {
  reader.expect("(");
  let partitionBy: readonly string[] = [];
  let orderBy: readonly SortKey[] = [];
  let frame: Window["frame"];
  while (!reader.accept(")")) {
    if (reader.accept("partition")) {
      reader.accept("by");
      partitionBy = sortKeys(reader).map((key) => key.column);
    } else if (reader.accept("sort") || reader.accept("order")) {
      reader.accept("by");
      orderBy = sortKeys(reader);
    } else if (reader.is("rows") || reader.is("range")) {
      const unit = reader.next().text === "rows" ? "ROWS" : "RANGE";
      const start = frameBound(reader);
      reader.expect("..");
      frame = { unit, start, end: frameBound(reader) };
    } else reader.fail(`expected partition, sort, rows or range, found '${reader.peek().text}'`);
    reader.accept(",");
  }
  return { partitionBy, orderBy, ...(frame === undefined ? {} : { frame }) };
};

const parseCall = (reader: TokenReader, depth: number): Expression => {
  const name = reader.next().text;
  reader.expect("(");
  const args = reader.listUntil(")", () =>
    reader.accept("*") ? ({ kind: "star" } as const) : expressionAt(reader, depth + 1),
  );
  return reader.accept("over")
    ? { kind: "call", name, args, over: parseWindow(reader) }
    : { kind: "call", name, args };
};

const parseArm = (reader: TokenReader, depth: number): MatchArm => {
  let test: MatchArm["test"];
  if (!reader.accept("_")) {
    const operator = operatorOf(reader, COMPARISONS);
    if (operator !== undefined) reader.next();
    test = { operator: operator ?? "==", value: sum(reader, depth + 1) };
  }
  reader.expect("=>");
  return { test, result: expressionAt(reader, depth + 1) };
};

const parseMatch = (reader: TokenReader, depth: number): Expression => {
  reader.expect("match");
  const operand = expressionAt(reader, depth + 1);
  reader.expect("{");
  const arms = reader.listUntil("}", () => parseArm(reader, depth));
  return arms.length === 0 ? reader.fail("match needs at least one arm") : { kind: "match", operand, arms };
};

const primary: Parse = (reader, depth) => {
  const token = reader.peek();
  switch (token.kind) {
    case "string":
      return { kind: "string", value: reader.next().text.slice(1, -1) };
    case "number":
      return { kind: "number", value: reader.next().text.replaceAll("_", "") };
    case "date":
      return { kind: "date", value: reader.next().text.slice(1) };
    case "name": {
      if (reader.is("(", 1)) return parseCall(reader, depth);
      const name = reader.next().text;
      return reader.accept(".")
        ? { kind: "column", qualifier: name, name: reader.name("a column") }
        : { kind: "column", name };
    }
    default:
      break;
  }
  if (reader.accept("true")) return { kind: "word", value: "TRUE" };
  if (reader.accept("false")) return { kind: "word", value: "FALSE" };
  if (reader.accept("null")) return { kind: "word", value: "NULL" };
  if (reader.is("match")) return parseMatch(reader, depth);
  if (reader.accept("(")) {
    const inner = expressionAt(reader, depth + 1);
    reader.expect(")");
    return inner;
  }
  return reader.fail(`expected an expression, found '${token.text}'`);
};

const unary: Parse = (reader, depth) =>
  reader.is("-") && notTooDeep(reader, depth) && reader.accept("-")
    ? { kind: "negate", operand: unary(reader, depth + 1) }
    : primary(reader, depth);

const product = leftToRight(PRODUCTS, unary);
const sum = leftToRight(SUMS, product);

const comparison: Parse = (reader, depth) => {
  const left = sum(reader, depth);
  if (reader.accept("is")) {
    const negated = reader.accept("not");
    reader.expect("null");
    return { kind: "isNull", operand: left, negated };
  }
  const negatedIn = reader.is("not") && reader.is("in", 1);
  if (negatedIn) reader.next();
  if (reader.accept("in")) {
    reader.expect("[");
    return {
      kind: "in",
      operand: left,
      values: reader.listUntil("]", () => sum(reader, depth + 1)),
      negated: negatedIn,
    };
  }
  const operator = operatorOf(reader, COMPARISONS);
  if (operator === undefined) return left;
  reader.next();
  const result: Expression = { kind: "binary", operator, left, right: sum(reader, depth) };
  return operatorOf(reader, COMPARISONS) === undefined
    ? result
    : reader.fail("comparisons cannot be chained; use and");
};

const negation: Parse = (reader, depth) =>
  reader.is("not") && notTooDeep(reader, depth) && reader.accept("not")
    ? { kind: "not", operand: negation(reader, depth + 1) }
    : comparison(reader, depth);

const conjunction = leftToRight(["and"], negation);
const disjunction = leftToRight(["or"], conjunction);

const notTooDeep = (reader: TokenReader, depth: number): boolean =>
  depth <= DEEPEST_NESTING || reader.fail("the expression is nested too deeply");

const expressionAt: Parse = (reader, depth) => {
  notTooDeep(reader, depth);
  return disjunction(reader, depth);
};

export const parseExpression = (reader: TokenReader): Expression => expressionAt(reader, 0);

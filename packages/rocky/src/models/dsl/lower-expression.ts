import type { BinaryOperator, Expression, FrameBound, SortKey, Window } from "./syntax-tree.ts";

const SQL: Readonly<Record<BinaryOperator, string>> = {
  or: "OR",
  and: "AND",
  "==": "=",
  // Comparing with NULL must be true or false here, never NULL.
  "!=": "IS DISTINCT FROM",
  "<": "<",
  "<=": "<=",
  ">": ">",
  ">=": ">=",
  "+": "+",
  "-": "-",
  "*": "*",
  "/": "/",
  "%": "%",
};

const BINDING: Readonly<Record<BinaryOperator, number>> = {
  or: 1,
  and: 2,
  "==": 4,
  "!=": 4,
  "<": 4,
  "<=": 4,
  ">": 4,
  ">=": 4,
  "+": 5,
  "-": 5,
  "*": 6,
  "/": 6,
  "%": 6,
};

const NOT = 3;
const TEST = 4;
const ATOM = 9;

const bindingOf = (expression: Expression): number => {
  switch (expression.kind) {
    case "binary":
      return BINDING[expression.operator];
    case "not":
      return NOT;
    case "isNull":
    case "in":
      return TEST;
    case "negate":
      return ATOM - 1;
    default:
      return ATOM;
  }
};

const inside = (expression: Expression, least: number): string =>
  bindingOf(expression) < least ? `(${lowerExpression(expression)})` : lowerExpression(expression);

const orderBy = (keys: readonly SortKey[]): string =>
  keys.map(({ column, descending }) => (descending ? `${column} DESC` : column)).join(", ");

const bound = (frame: FrameBound, side: "PRECEDING" | "FOLLOWING"): string => {
  switch (frame.kind) {
    case "unbounded":
      return `UNBOUNDED ${side}`;
    case "current":
      return "CURRENT ROW";
    case "offset":
      return `${frame.rows} ${side}`;
    default:
      return frame satisfies never;
  }
};

const lowerWindow = ({ partitionBy, orderBy: keys, frame }: Window): string => {
  const parts: string[] = [];
  if (partitionBy.length > 0) parts.push(`PARTITION BY ${partitionBy.join(", ")}`);
  if (keys.length > 0) parts.push(`ORDER BY ${orderBy(keys)}`);
  if (frame !== undefined)
    parts.push(
      `${frame.unit} BETWEEN ${bound(frame.start, "PRECEDING")} AND ${bound(frame.end, "FOLLOWING")}`,
    );
  return parts.join(" ");
};

const lowerCall = (call: Extract<Expression, { kind: "call" }>): string => {
  const name = call.name.toUpperCase();
  // `count()` counts rows.
  const args = name === "COUNT" && call.args.length === 0 ? "*" : call.args.map(lowerExpression).join(", ");
  return call.over === undefined ? `${name}(${args})` : `${name}(${args}) OVER (${lowerWindow(call.over)})`;
};

const lowerMatch = (match: Extract<Expression, { kind: "match" }>): string => {
  const arms = match.arms.map(({ test, result }) => {
    if (test === undefined) return `ELSE ${lowerExpression(result)}`;
    const condition = `${inside(match.operand, TEST + 1)} ${SQL[test.operator]} ${inside(test.value, TEST + 1)}`;
    return `WHEN ${condition} THEN ${lowerExpression(result)}`;
  });
  return `CASE ${arms.join(" ")} END`;
};

export const lowerExpression = (expression: Expression): string => {
  switch (expression.kind) {
    case "column":
      return expression.qualifier === undefined
        ? expression.name
        : `${expression.qualifier}.${expression.name}`;
    case "string":
      return `'${expression.value.replaceAll("'", "''")}'`;
    case "number":
      return expression.value;
    case "date":
      return expression.value.includes("T")
        ? `TIMESTAMP '${expression.value.replace("T", " ").replace("Z", "")}'`
        : `DATE '${expression.value}'`;
    case "word":
      return expression.value;
    case "star":
      return "*";
    case "binary": {
      const own = BINDING[expression.operator];
      // The right side of equal strength needs brackets: a - (b - c). A comparison has none beside it.
      const left = inside(expression.left, own === TEST ? own + 1 : own);
      return `${left} ${SQL[expression.operator]} ${inside(expression.right, own + 1)}`;
    }
    case "not":
      return `NOT ${inside(expression.operand, NOT)}`;
    case "negate":
      return `-${inside(expression.operand, ATOM)}`;
    case "isNull":
      return `${inside(expression.operand, TEST + 1)} IS ${expression.negated ? "NOT " : ""}NULL`;
    case "in":
      return `${inside(expression.operand, TEST + 1)} ${expression.negated ? "NOT " : ""}IN (${expression.values.map(lowerExpression).join(", ")})`;
    case "call":
      return lowerCall(expression);
    case "match":
      return lowerMatch(expression);
    default:
      return expression satisfies never;
  }
};

import type { Expression } from "./syntax-tree.ts";

const children = (expression: Expression): readonly Expression[] => {
  switch (expression.kind) {
    case "binary":
      return [expression.left, expression.right];
    case "not":
    case "negate":
    case "isNull":
      return [expression.operand];
    case "in":
      return [expression.operand, ...expression.values];
    case "call":
      return expression.args;
    case "match":
      return [
        expression.operand,
        ...expression.arms.flatMap(({ test, result }) =>
          test === undefined ? [result] : [test.value, result],
        ),
      ];
    case "column":
    case "string":
    case "number":
    case "date":
    case "word":
    case "star":
      return [];
    default:
      return expression satisfies never;
  }
};

/** True when a window function is anywhere inside: such a value cannot be filtered or grouped in the same SELECT. */
export const hasWindow = (expression: Expression): boolean =>
  (expression.kind === "call" && expression.over !== undefined) || children(expression).some(hasWindow);

/** Unqualified columns that an expression names, those of window clauses included. */
export const columnsOf = (expression: Expression): readonly string[] => {
  if (expression.kind === "column") return expression.qualifier === undefined ? [expression.name] : [];
  const over = expression.kind === "call" ? expression.over : undefined;
  const own = over === undefined ? [] : [...over.partitionBy, ...over.orderBy.map((key) => key.column)];
  return [...own, ...children(expression).flatMap(columnsOf)];
};

/** Replaces derived names by what they stand for: SQL does not see a SELECT's own aliases in its other clauses. */
export const substitute = (expression: Expression, derived: ReadonlyMap<string, Expression>): Expression => {
  if (derived.size === 0) return expression;
  const inner = (child: Expression): Expression => substitute(child, derived);
  switch (expression.kind) {
    case "column":
      return expression.qualifier === undefined ? (derived.get(expression.name) ?? expression) : expression;
    case "binary":
      return { ...expression, left: inner(expression.left), right: inner(expression.right) };
    case "not":
    case "negate":
    case "isNull":
      return { ...expression, operand: inner(expression.operand) };
    case "in":
      return { ...expression, operand: inner(expression.operand), values: expression.values.map(inner) };
    case "call":
      return { ...expression, args: expression.args.map(inner) };
    case "match":
      return {
        ...expression,
        operand: inner(expression.operand),
        arms: expression.arms.map(({ test, result }) => ({
          test: test === undefined ? undefined : { ...test, value: inner(test.value) },
          result: inner(result),
        })),
      };
    case "string":
    case "number":
    case "date":
    case "word":
    case "star":
      return expression;
    default:
      return expression satisfies never;
  }
};

import { didYouMean } from "../../text-distance.ts";
import type { Arguments, BinaryOperator, Expression, UnaryOperator } from "./expression.ts";
import { findFilter } from "./filters.ts";
import { plainAttribute } from "./methods.ts";
import { TemplateError } from "./tokens.ts";
import {
  defined,
  isEqual,
  isRecord,
  isTruthy,
  itemsOf,
  Namespace,
  Opaque,
  pythonText,
  TemplateFunction,
  Undefined,
} from "./values.ts";

export type Scope = Readonly<Record<string, unknown>>;

/** A text that one expression may make; a template that needs more is an accident or an attack. */
const MAX_LENGTH = 1_000_000;

const attribute = (object: unknown, name: string): unknown => {
  const value = defined(object);
  if (value instanceof Namespace) return value.get(name);
  if (value instanceof Opaque) {
    return Object.hasOwn(value.methods, name)
      ? value.methods[name]
      : new Undefined(`"${name}" is not available${didYouMean(name, Object.keys(value.methods))}`);
  }
  if (value instanceof TemplateFunction) return new Undefined(`${value.name} is a function: call it first`);
  return plainAttribute(value, name);
};

const item = (object: unknown, index: unknown): unknown => {
  const value = defined(object);
  const key = defined(index);
  if ((Array.isArray(value) || typeof value === "string") && typeof key === "number") {
    const items = itemsOf(value);
    return items.at(key) ?? new Undefined(`the list has no item ${key}`);
  }
  if (isRecord(value)) {
    const name = pythonText(key);
    return Object.hasOwn(value, name) ? value[name] : new Undefined(`the mapping has no key "${name}"`);
  }
  if (value instanceof Namespace && value.name === "env") {
    throw new TemplateError(`use env.${pythonText(key)} or env('${pythonText(key)}') to read a variable`);
  }
  return attribute(value, pythonText(key));
};

const numbers = (operator: string, left: unknown, right: unknown): readonly [number, number] => {
  const asNumber = (value: unknown): number => {
    if (typeof value === "number") return value;
    if (typeof value === "boolean") return value ? 1 : 0;
    throw new TemplateError(`"${operator}" needs numbers, got ${pythonText(value)}`);
  };
  return [asNumber(left), asNumber(right)];
};

const bounded = (text: string): string => {
  if (text.length > MAX_LENGTH) throw new TemplateError(`a template made more than ${MAX_LENGTH} characters`);
  return text;
};

const add = (left: unknown, right: unknown): unknown => {
  if (typeof left === "string" && typeof right === "string") return bounded(left + right);
  if (Array.isArray(left) && Array.isArray(right)) return [...left, ...right];
  if (typeof left === "string" || typeof right === "string") {
    throw new TemplateError(
      `"+" cannot join a text and ${typeof left === "string" ? typeof right : typeof left}; use "~"`,
    );
  }
  const [a, b] = numbers("+", left, right);
  return a + b;
};

const multiply = (left: unknown, right: unknown): unknown => {
  if (typeof left === "string" && typeof right === "number") {
    if (left.length * right > MAX_LENGTH)
      throw new TemplateError(`a template made more than ${MAX_LENGTH} characters`);
    return left.repeat(Math.max(0, right));
  }
  const [a, b] = numbers("*", left, right);
  return a * b;
};

const modulo = (a: number, b: number): number => a - b * Math.floor(a / b);

const ordered = (operator: "<" | "<=" | ">" | ">=", left: unknown, right: unknown): boolean => {
  const isText = typeof left === "string" && typeof right === "string";
  const [a, b] = isText ? [left, right] : numbers(operator, left, right);
  if (operator === "<") return a < b;
  if (operator === "<=") return a <= b;
  return operator === ">" ? a > b : a >= b;
};

const contains = (needle: unknown, haystack: unknown): boolean =>
  typeof haystack === "string"
    ? haystack.includes(pythonText(needle))
    : itemsOf(haystack).some((candidate) => isEqual(candidate, needle));

const divide = (operator: "/" | "//" | "%", left: unknown, right: unknown): number => {
  const [a, b] = numbers(operator, left, right);
  if (b === 0) throw new TemplateError("division by zero");
  if (operator === "/") return a / b;
  return operator === "//" ? Math.floor(a / b) : modulo(a, b);
};

const strictBinary = (
  operator: Exclude<BinaryOperator, "and" | "or">,
  left: unknown,
  right: unknown,
): unknown => {
  switch (operator) {
    case "==":
      return isEqual(left, right);
    case "!=":
      return !isEqual(left, right);
    case "<":
    case "<=":
    case ">":
    case ">=":
      return ordered(operator, left, right);
    case "in":
      return contains(left, right);
    case "not in":
      return !contains(left, right);
    case "+":
      return add(left, right);
    case "~":
      return bounded(pythonText(left) + pythonText(right));
    case "*":
      return multiply(left, right);
    case "/":
    case "//":
    case "%":
      return divide(operator, left, right);
    case "-":
    case "**": {
      const [a, b] = numbers(operator, left, right);
      return operator === "-" ? a - b : a ** b;
    }
    default: {
      const never: never = operator;
      throw new TypeError(`unknown operator ${String(never)}`);
    }
  }
};

const binary = (operator: BinaryOperator, left: Expression, right: Expression, scope: Scope): unknown => {
  const first = evaluate(left, scope);
  if (operator === "and") return isTruthy(first) ? evaluate(right, scope) : first;
  if (operator === "or") return isTruthy(first) ? first : evaluate(right, scope);
  if (operator === "==" || operator === "!=") return strictBinary(operator, first, evaluate(right, scope));
  return strictBinary(operator, defined(first), defined(evaluate(right, scope)));
};

const unary = (operator: UnaryOperator, operand: unknown): unknown => {
  if (operator === "not") return !isTruthy(operand);
  const [value] = numbers(operator, defined(operand), 0);
  return operator === "-" ? -value : value;
};

const tests: Readonly<Record<string, (value: unknown) => boolean>> = {
  defined: (value) => !(value instanceof Undefined),
  undefined: (value) => value instanceof Undefined,
  none: (value) => value === null,
  string: (value) => typeof value === "string",
  number: (value) => typeof value === "number",
  boolean: (value) => typeof value === "boolean",
  mapping: isRecord,
  sequence: Array.isArray,
  true: (value) => value === true,
  false: (value) => value === false,
};

const evaluateTest = (name: string, value: unknown): boolean => {
  const test = Object.hasOwn(tests, name) ? tests[name] : undefined;
  if (test === undefined)
    throw new TemplateError(`there is no test "${name}"${didYouMean(name, Object.keys(tests))}`);
  return test(value);
};

const evaluateArguments = (args: Arguments, scope: Scope) => ({
  positional: args.positional.map((argument) => defined(evaluate(argument, scope))),
  named: Object.fromEntries(
    Object.entries(args.named).map(([name, argument]) => [name, defined(evaluate(argument, scope))]),
  ),
});

const call = (callee: unknown, args: Arguments, scope: Scope): unknown => {
  const value = defined(callee);
  const target = value instanceof Namespace ? value.self : value;
  if (!(target instanceof TemplateFunction)) throw new TemplateError(`${describe(value)} cannot be called`);
  const { positional, named } = evaluateArguments(args, scope);
  return target.call(positional, named);
};

const describe = (value: unknown): string => (value instanceof Namespace ? value.name : pythonText(value));

const lookUp = (name: string, scope: Scope): unknown => {
  if (Object.hasOwn(scope, name)) return scope[name];
  const known = Object.keys(scope);
  return new Undefined(
    `"${name}" is not in scope${didYouMean(name, known)}; available: ${known.sort().join(", ")}`,
  );
};

/** Evaluates an expression; nothing outside `scope` can be reached. */
export const evaluate = (expression: Expression, scope: Scope): unknown => {
  switch (expression.kind) {
    case "literal":
      return expression.value;
    case "name":
      return lookUp(expression.name, scope);
    case "list":
      return expression.items.map((inner) => defined(evaluate(inner, scope)));
    case "dict":
      return Object.fromEntries(
        expression.entries.map(([key, value]) => [
          pythonText(evaluate(key, scope)),
          defined(evaluate(value, scope)),
        ]),
      );
    case "attribute":
      return attribute(evaluate(expression.object, scope), expression.name);
    case "item":
      return item(evaluate(expression.object, scope), evaluate(expression.index, scope));
    case "call":
      return call(evaluate(expression.callee, scope), expression.args, scope);
    case "filter": {
      const { positional, named } = evaluateArguments(expression.args, scope);
      return findFilter(expression.name)(evaluate(expression.input, scope), positional, named);
    }
    case "test":
      return evaluateTest(expression.name, evaluate(expression.input, scope)) !== expression.negated;
    case "unary":
      return unary(expression.operator, evaluate(expression.operand, scope));
    case "binary":
      return binary(expression.operator, expression.left, expression.right, scope);
    case "conditional": {
      if (isTruthy(evaluate(expression.test, scope))) return evaluate(expression.value, scope);
      return expression.otherwise === undefined
        ? new Undefined("the inline if has no else")
        : evaluate(expression.otherwise, scope);
    }
    default: {
      const never: never = expression;
      throw new TypeError(`unknown expression ${JSON.stringify(never)}`);
    }
  }
};

import { TemplateError } from "./tokens.ts";

/** A name or attribute that is not there: an error as soon as it is used, unless a default is given. */
export class Undefined {
  readonly message: string;

  constructor(message: string) {
    this.message = message;
  }
}

/** A function that templates may call. */
export class TemplateFunction {
  readonly name: string;
  readonly call: (positional: readonly unknown[], named: Readonly<Record<string, unknown>>) => unknown;

  constructor(name: string, call: TemplateFunction["call"]) {
    this.name = name;
    this.call = call;
  }
}

/** An object of the scope with a closed set of attributes; it may be callable too, as `env` is. */
export class Namespace {
  readonly name: string;
  readonly get: (attribute: string) => unknown;
  readonly self: TemplateFunction | undefined;

  constructor(name: string, get: (attribute: string) => unknown, self?: TemplateFunction) {
    this.name = name;
    this.get = get;
    this.self = self;
  }
}

/** A value that only passes through templates: definitions objects made by `dg.…`. */
export class Opaque {
  readonly value: unknown;
  readonly methods: Readonly<Record<string, TemplateFunction>>;

  constructor(value: unknown, methods: Readonly<Record<string, TemplateFunction>> = {}) {
    this.value = value;
    this.methods = methods;
  }
}

export const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" &&
  value !== null &&
  (Object.getPrototypeOf(value) === Object.prototype || Object.getPrototypeOf(value) === null);

/** Refuses an undefined value with the reason that it carries. */
export const defined = (value: unknown): unknown => {
  if (value instanceof Undefined) throw new TemplateError(value.message);
  return value;
};

export const isTruthy = (value: unknown): boolean => {
  if (value === null || value === undefined || value instanceof Undefined) return false;
  if (Array.isArray(value)) return value.length > 0;
  if (isRecord(value)) return Object.keys(value).length > 0;
  return Boolean(value);
};

const quoted = (text: string): string => {
  const quote = text.includes("'") && !text.includes('"') ? '"' : "'";
  const escaped = text.replaceAll("\\", "\\\\").replaceAll("\n", "\\n").replaceAll("\t", "\\t");
  return quote + (quote === "'" ? escaped.replaceAll("'", "\\'") : escaped) + quote;
};

const repr = (value: unknown): string => (typeof value === "string" ? quoted(value) : pythonText(value));

/** Python's `str()`, which is what a value looks like inside a longer text. */
export const pythonText = (given: unknown): string => {
  const value = defined(given);
  if (typeof value === "string") return value;
  if (value === null || value === undefined) return "None";
  if (typeof value === "boolean") return value ? "True" : "False";
  if (typeof value === "number" || typeof value === "bigint") return String(value);
  if (Array.isArray(value)) return `[${value.map(repr).join(", ")}]`;
  if (isRecord(value)) {
    return `{${Object.entries(value)
      .map(([key, item]) => `${repr(key)}: ${repr(item)}`)
      .join(", ")}}`;
  }
  throw new TemplateError("a function or a Dagster object cannot be part of a text");
};

export const isEqual = (a: unknown, b: unknown): boolean => {
  if (Array.isArray(a) && Array.isArray(b)) {
    return a.length === b.length && a.every((item, i) => isEqual(item, b[i]));
  }
  if (isRecord(a) && isRecord(b)) {
    const keys = Object.keys(a);
    return keys.length === Object.keys(b).length && keys.every((key) => key in b && isEqual(a[key], b[key]));
  }
  return a === b;
};

/** The items that `for`, `in` and list filters see. */
export const itemsOf = (value: unknown): readonly unknown[] => {
  const given = defined(value);
  if (Array.isArray(given)) return given;
  if (typeof given === "string") return [...given];
  if (isRecord(given)) return Object.keys(given);
  throw new TemplateError(`${pythonText(given)} is not a list`);
};

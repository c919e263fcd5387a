import { TemplateError } from "./tokens.ts";
import { isRecord, itemsOf, pythonText, TemplateFunction, Undefined } from "./values.ts";

type Method<T> = (self: T, args: readonly unknown[]) => unknown;

const split = (self: string, separator: unknown, limit: unknown): string[] => {
  const parts =
    separator === undefined || separator === null
      ? self.trim().split(/\s+/).filter(Boolean)
      : self.split(pythonText(separator));
  if (typeof limit !== "number" || limit < 0 || parts.length <= limit + 1) return parts;
  const joiner = separator === undefined || separator === null ? " " : pythonText(separator);
  return [...parts.slice(0, limit), parts.slice(limit).join(joiner)];
};

const characters = (given: unknown): RegExp => {
  if (given === undefined || given === null) return /\s/;
  return new RegExp(`[${pythonText(given).replace(/[\\\]^-]/g, "\\$&")}]`);
};

const strip = (self: string, given: unknown, start: boolean, end: boolean): string => {
  const matches = characters(given);
  let [from, to] = [0, self.length];
  while (start && from < to && matches.test(self[from] ?? "")) from++;
  while (end && to > from && matches.test(self[to - 1] ?? "")) to--;
  return self.slice(from, to);
};

const ofText: Readonly<Record<string, Method<string>>> = {
  lower: (self) => self.toLowerCase(),
  upper: (self) => self.toUpperCase(),
  title: (self) =>
    self.replace(/\p{L}+/gu, (word) => word.slice(0, 1).toUpperCase() + word.slice(1).toLowerCase()),
  capitalize: (self) => self.slice(0, 1).toUpperCase() + self.slice(1).toLowerCase(),
  strip: (self, [given]) => strip(self, given, true, true),
  lstrip: (self, [given]) => strip(self, given, true, false),
  rstrip: (self, [given]) => strip(self, given, false, true),
  split: (self, [separator, limit]) => split(self, separator, limit),
  replace: (self, [from, to]) => self.replaceAll(pythonText(from), pythonText(to)),
  startswith: (self, [start]) => self.startsWith(pythonText(start)),
  endswith: (self, [end]) => self.endsWith(pythonText(end)),
  removeprefix: (self, [start]) =>
    self.startsWith(pythonText(start)) ? self.slice(pythonText(start).length) : self,
  removesuffix: (self, [end]) =>
    self.endsWith(pythonText(end)) ? self.slice(0, self.length - pythonText(end).length) : self,
  join: (self, [items]) => itemsOf(items).map(pythonText).join(self),
};

const ofRecord: Readonly<Record<string, Method<Readonly<Record<string, unknown>>>>> = {
  get: (self, [key, fallback = null]) => {
    const name = pythonText(key);
    return Object.hasOwn(self, name) ? self[name] : fallback;
  },
  keys: (self) => Object.keys(self),
  values: (self) => Object.values(self),
  items: (self) => Object.entries(self),
};

const bind = <T>(name: string, method: Method<T>, self: T): TemplateFunction =>
  new TemplateFunction(name, (positional, named) => {
    const [first] = Object.keys(named);
    if (first !== undefined) throw new TemplateError(`${name}() takes no argument named "${first}"`);
    return method(self, positional);
  });

/** Attribute access on plain values: own keys of mappings, and a closed set of Python's methods. */
export const plainAttribute = (value: unknown, name: string): unknown => {
  if (typeof value === "string" && Object.hasOwn(ofText, name)) {
    const method = ofText[name];
    if (method) return bind(name, method, value);
  }
  if (isRecord(value)) {
    if (Object.hasOwn(value, name)) return value[name];
    const method = Object.hasOwn(ofRecord, name) ? ofRecord[name] : undefined;
    if (method) return bind(name, method, value);
  }
  return new Undefined(`"${name}" is not an attribute of ${value === null ? "None" : pythonText(value)}`);
};

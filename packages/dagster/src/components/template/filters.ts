import { didYouMean } from "../../text-distance.ts";
import { TemplateError } from "./tokens.ts";
import { defined, isEqual, isRecord, isTruthy, itemsOf, pythonText, Undefined } from "./values.ts";

export type Named = Readonly<Record<string, unknown>>;
export type Filter = (input: unknown, args: readonly unknown[], named: Named) => unknown;

const text = (value: unknown): string => pythonText(value);
const title = (value: string): string =>
  value.replace(/[\p{L}\p{N}']+/gu, (word) => word.slice(0, 1).toUpperCase() + word.slice(1).toLowerCase());

const compare = (a: unknown, b: unknown): number => {
  if (typeof a === "number" && typeof b === "number") return a - b;
  const [x, y] = [text(a).toLowerCase(), text(b).toLowerCase()];
  return x < y ? -1 : x > y ? 1 : 0;
};

const toNumber = (value: unknown, parse: (text: string) => number, fallback: unknown): unknown => {
  const number = typeof value === "number" ? value : parse(text(value));
  return Number.isNaN(number) ? fallback : number;
};

const unique = (items: readonly unknown[]): unknown[] =>
  items.filter((item, i) => items.findIndex((other) => isEqual(other, item)) === i);

const defaultValue: Filter = (input, [fallback = "", alsoFalsy], named) =>
  input instanceof Undefined || (isTruthy(alsoFalsy ?? named.boolean) && !isTruthy(input)) ? fallback : input;

const length: Filter = (input) => itemsOf(input).length;

const attributeOf = (item: unknown, path: string): unknown => {
  let value = item;
  for (const part of path.split(".")) {
    const inner = isRecord(value) && Object.hasOwn(value, part) ? value[part] : undefined;
    value = inner === undefined ? new Undefined(`the item has no "${part}"`) : inner;
  }
  return value;
};

const mapItems: Filter = (input, [name, ...rest], named) => {
  if (typeof named.attribute === "string") {
    const path = named.attribute;
    return itemsOf(input).map((item) => attributeOf(item, path));
  }
  const filter = findFilter(text(name));
  return itemsOf(input).map((item) => filter(item, rest, {}));
};

const filters: Readonly<Record<string, Filter>> = {
  default: defaultValue,
  d: defaultValue,
  lower: (input) => text(input).toLowerCase(),
  upper: (input) => text(input).toUpperCase(),
  title: (input) => title(text(input)),
  capitalize: (input) => text(input).slice(0, 1).toUpperCase() + text(input).slice(1).toLowerCase(),
  trim: (input) => text(input).trim(),
  replace: (input, [from, to]) => text(input).replaceAll(text(from), text(to)),
  join: (input, [separator = ""]) => itemsOf(input).map(text).join(text(separator)),
  length,
  count: length,
  int: (input, [fallback = 0]) => toNumber(input, (value) => Math.trunc(Number.parseFloat(value)), fallback),
  float: (input, [fallback = 0]) => toNumber(input, Number, fallback),
  string: (input) => text(input),
  abs: (input) => Math.abs(Number(defined(input))),
  round: (input, [digits = 0]) => Number(Number(defined(input)).toFixed(Number(digits))),
  first: (input) => itemsOf(input)[0] ?? new Undefined("the list is empty"),
  last: (input) => itemsOf(input).at(-1) ?? new Undefined("the list is empty"),
  list: (input) => [...itemsOf(input)],
  sort: (input, _args, named) => {
    const sorted = [...itemsOf(input)].sort(compare);
    return isTruthy(named.reverse) ? sorted.reverse() : sorted;
  },
  reverse: (input) =>
    typeof input === "string" ? [...input].reverse().join("") : [...itemsOf(input)].reverse(),
  unique: (input) => unique(itemsOf(input)),
  map: mapItems,
  tojson: (input) => JSON.stringify(defined(input)),
  items: (input) => Object.entries(isRecord(input) ? input : {}),
};

/** The filter of that name; an unknown one is an error with the nearest known name. */
export const findFilter = (name: string): Filter => {
  const filter = Object.hasOwn(filters, name) ? filters[name] : undefined;
  if (filter === undefined) {
    throw new TemplateError(`there is no filter "${name}"${didYouMean(name, Object.keys(filters))}`);
  }
  return filter;
};

import { didYouMean } from "@dagster-rocky/dagster";
import { RockyComponentError } from "./component-error.ts";
import { isObject } from "./json.ts";

/** Reads one attribute's value; `at` is its place, such as `tenant.component`. */
export type Read<T> = (value: unknown, at: string) => T;

export const invalid = (at: string, what: string): RockyComponentError =>
  new RockyComponentError("ATTRIBUTE_INVALID", `attribute "${at}": ${what}`, {
    attributePath: pathOf(at),
  });

/** `a.b[2]` as `["a", "b", 2]`. */
const pathOf = (at: string): readonly (string | number)[] =>
  at.split(/[.[\]]+/).flatMap((part) => (part === "" ? [] : [/^\d+$/.test(part) ? Number(part) : part]));

const shown = (value: unknown): string =>
  value === null ? "null" : (JSON.stringify(value)?.slice(0, 60) ?? typeof value);

/** A template that gives digits or a truth gives a number or a boolean: here it was meant as text. */
export const string: Read<string> = (value, at) => {
  if (typeof value === "number") return String(value);
  if (typeof value === "boolean") return value ? "True" : "False";
  if (typeof value !== "string") throw invalid(at, `expected text, found ${shown(value)}`);
  return value;
};

/** A template gives text, so that the words YAML reads as booleans count as well. */
export const boolean: Read<boolean> = (value, at) => {
  if (typeof value === "boolean") return value;
  const word = typeof value === "string" ? value.toLowerCase() : value;
  if (TRUE.has(word)) return true;
  if (FALSE.has(word)) return false;
  throw invalid(at, `expected true or false, found ${shown(value)}`);
};
const TRUE: ReadonlySet<unknown> = new Set([1, "1", "true", "t", "yes", "y", "on"]);
const FALSE: ReadonlySet<unknown> = new Set([0, "0", "false", "f", "no", "n", "off"]);

/** A whole number of at least `least`; digits in text count, because templates give text. */
export const integer =
  (least: number): Read<number> =>
  (value, at) => {
    const read = typeof value === "string" && /^\s*[+-]?\d+\s*$/.test(value) ? Number(value) : value;
    if (typeof read !== "number" || !Number.isSafeInteger(read)) {
      throw invalid(at, `expected a whole number, found ${shown(value)}`);
    }
    if (read < least) throw invalid(at, `expected at least ${least}, found ${read}`);
    return read;
  };

export const oneOf =
  <const T extends string>(...allowed: readonly T[]): Read<T> =>
  (value, at) => {
    const found = allowed.find((choice) => choice === value);
    if (found !== undefined) return found;
    const near = typeof value === "string" ? didYouMean(value, allowed) : "";
    throw invalid(at, `expected one of ${allowed.join(", ")}, found ${shown(value)}${near}`);
  };

export const strings: Read<readonly string[]> = (value, at) => {
  if (!Array.isArray(value)) throw invalid(at, `expected a list of texts, found ${shown(value)}`);
  return value.map((item, i) => string(item, `${at}[${i}]`));
};

export const stringMap: Read<Readonly<Record<string, string>>> = (value, at) => {
  const map = mapping(value, at);
  return Object.fromEntries(Object.entries(map).map(([key, item]) => [key, string(item, `${at}.${key}`)]));
};

export const mapping: Read<Readonly<Record<string, unknown>>> = (value, at) => {
  if (!isObject(value)) throw invalid(at, `expected a mapping, found ${shown(value)}`);
  return value;
};

/** Null and absent both mean `undefined`. */
export const nullable =
  <T>(read: Read<T>): Read<T | undefined> =>
  (value, at) =>
    value === null || value === undefined ? undefined : read(value, at);

/** Refuses keys that are not known, with the nearest that is. */
export function refuseUnknownKeys(
  map: Readonly<Record<string, unknown>>,
  known: readonly string[],
  at: string,
): void {
  for (const key of Object.keys(map)) {
    if (known.includes(key)) continue;
    const hint = didYouMean(key, known) || `; known are ${known.join(", ")}`;
    throw invalid(at === "" ? key : `${at}.${key}`, `there is no such attribute${hint}`);
  }
}

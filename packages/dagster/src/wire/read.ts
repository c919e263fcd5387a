import { WireFloat } from "./float.ts";
import { JsonSyntaxError, parseJson } from "./parse.ts";
import type { Json } from "./value.ts";

export type JsonRecord = { readonly [key: string]: Json };

/** A payload from the host that is not what its method needs. */
export class WireReadError extends Error {
  override readonly name = "WireReadError";
}

export const isRecord = (value: Json | undefined): value is JsonRecord =>
  typeof value === "object" && value !== null && !Array.isArray(value) && !(value instanceof WireFloat);

const isJsonList = (value: Json | undefined): value is readonly Json[] => Array.isArray(value);

/** Parses a serialised object and checks its class. */
export function readObject(text: string, className: string): JsonRecord {
  let value: Json;
  try {
    value = parseJson(text);
  } catch (error) {
    if (!(error instanceof JsonSyntaxError)) throw error;
    throw new WireReadError(`expected a serialised ${className}: ${error.message}`, { cause: error });
  }
  return asObject(value, className);
}

export function asObject(value: Json | undefined, className: string): JsonRecord {
  if (isRecord(value) && value.__class__ === className) return value;
  throw new WireReadError(`expected an object of class ${className}, got ${describe(value)}`);
}

/** Items of an array, set or frozen set; undefined for null. The host uses the three interchangeably. */
export function readItems(value: Json | undefined): readonly Json[] | undefined {
  if (value === null || value === undefined) return undefined;
  if (isJsonList(value)) return value;
  if (isRecord(value)) {
    const items = value.__set__ ?? value.__frozenset__;
    if (isJsonList(items)) return items;
  }
  throw new WireReadError(`expected a list or a set, got ${describe(value)}`);
}

export function readText(value: Json | undefined): string | undefined {
  if (value === null || value === undefined) return undefined;
  if (typeof value === "string") return value;
  throw new WireReadError(`expected a text, got ${describe(value)}`);
}

export function readNumber(value: Json | undefined): number | undefined {
  if (value === null || value === undefined) return undefined;
  if (typeof value === "number") return value;
  if (typeof value === "bigint") return Number(value);
  if (value instanceof WireFloat) return value.value;
  throw new WireReadError(`expected a number, got ${describe(value)}`);
}

/** The member name of `{"__enum__": "Type.MEMBER"}`. */
export function readEnum(value: Json | undefined): string | undefined {
  if (value === null || value === undefined) return undefined;
  const text = isRecord(value) ? value.__enum__ : undefined;
  if (typeof text === "string") return text.slice(text.indexOf(".") + 1);
  throw new WireReadError(`expected an enum, got ${describe(value)}`);
}

/** A mapping of texts, such as run tags. */
export function readTextMap(value: Json | undefined): Readonly<Record<string, string>> {
  if (value === null || value === undefined) return {};
  if (!isRecord(value)) throw new WireReadError(`expected a mapping, got ${describe(value)}`);
  return Object.fromEntries(Object.entries(value).map(([key, text]) => [key, readText(text) ?? ""]));
}

/** Turns lossless numbers into plain ones, for user code that expects ordinary JSON. */
export function plainJson(value: Json): unknown {
  if (value instanceof WireFloat) return value.value;
  if (isJsonList(value)) return value.map(plainJson);
  if (!isRecord(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, plainJson(inner)]));
}

function describe(value: Json | undefined): string {
  if (isRecord(value)) return typeof value.__class__ === "string" ? value.__class__ : "an object";
  return value === undefined ? "nothing" : isJsonList(value) ? "a list" : typeof value;
}

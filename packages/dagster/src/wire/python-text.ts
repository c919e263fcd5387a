import { numberText } from "./float.ts";
import { WireEnum, WireFilled, WireObject, WireText } from "./nodes.ts";
import { WireFloat } from "./float.ts";
import type { WireValue } from "./value.ts";
import { wireField } from "./wire.ts";
import { parseJson } from "./parse.ts";
import { floatText } from "./float.ts";

const UNPRINTABLE = /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Cn}\p{Zl}\p{Zp}]|(?! )\p{Zs}/gu;
const SHORT: Readonly<Record<string, string>> = { "\n": "\\n", "\r": "\\r", "\t": "\\t" };

function escapePoint(text: string): string {
  const short = SHORT[text];
  if (short !== undefined) return short;
  const point = text.codePointAt(0) ?? 0;
  const hex = point.toString(16);
  if (point <= 0xff) return `\\x${hex.padStart(2, "0")}`;
  return point <= 0xffff ? `\\u${hex.padStart(4, "0")}` : `\\U${hex.padStart(8, "0")}`;
}

/** Python's `repr` of a string. */
export function pythonRepr(text: string): string {
  const mark = text.includes("'") && !text.includes('"') ? '"' : "'";
  const escaped = text
    .replaceAll("\\", "\\\\")
    .replaceAll(mark, `\\${mark}`)
    .replace(UNPRINTABLE, escapePoint);
  return mark + escaped + mark;
}

const isList = (value: unknown): value is readonly WireValue[] => Array.isArray(value);

/**
 * Python's `str` of a value, which orders the items of sets on the wire. Covers what travels in sets:
 * texts, numbers, enums and named tuples such as asset keys.
 */
export function pythonText(value: WireValue): string {
  return typeof value === "string" ? value : reprOf(value);
}

function reprOf(value: WireValue): string {
  if (value === null) return "None";
  if (typeof value === "string") return pythonRepr(value);
  if (typeof value === "boolean") return value ? "True" : "False";
  if (typeof value === "number") return numberText(value);
  if (typeof value === "bigint") return value.toString();
  if (value instanceof WireFloat) return floatText(value.value);
  if (value instanceof WireText) return reprOf(parseJson(value.text));
  if (value instanceof WireFilled) return objectRepr(value.parts.className, (name) => value.fields[name]);
  if (value instanceof WireEnum) return value.text;
  if (isList(value)) return `[${value.map(reprOf).join(", ")}]`;
  if (value instanceof WireObject) {
    return objectRepr(value.layout.name, (name) => wireField(value, name));
  }
  const record = value as Readonly<Record<string, WireValue>>;
  const name = record.__class__;
  return typeof name === "string" ? objectRepr(name, (field) => record[field]) : JSON.stringify(value);
}

/** Order of the constructor's arguments, for the classes that are put in sets. */
const TUPLE_FIELDS: Readonly<Record<string, readonly string[]>> = {
  AssetCheckKey: ["asset_key", "name"],
  StepHandle: ["solid_handle", "key"],
};

function objectRepr(name: string, field: (name: string) => WireValue | undefined): string {
  if (name === "AssetKey") return `AssetKey(${reprOf(field("path") ?? [])})`;
  const parts = (TUPLE_FIELDS[name] ?? []).map((part) => `${part}=${reprOf(field(part) ?? null)}`);
  return `${name}(${parts.join(", ")})`;
}

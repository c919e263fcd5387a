import { WireFloat, floatText, numberText } from "./float.ts";
import { parseJson } from "./parse.ts";
import { WireEnum, WireItems, WireObject, WireSet, WireStream, WireText } from "./nodes.ts";
import { pythonText } from "./python-text.ts";
import { compareText, quote } from "./text.ts";
import type { WireValue } from "./value.ts";

/** Canonical text of a value: Python's `json.dumps` with sorted keys. */
export function writeWire(value: WireValue): string {
  switch (typeof value) {
    case "string":
      return quote(value);
    case "number":
      return numberText(value);
    case "boolean":
      return value ? "true" : "false";
    case "bigint":
      return value.toString();
    default:
      return value === null ? "null" : writeNode(value);
  }
}

type Node = Exclude<WireValue, string | number | boolean | bigint | null>;

const isList = (value: unknown): value is readonly WireValue[] => Array.isArray(value);

function writeNode(value: Node): string {
  if (value instanceof WireText) return value.text;
  if (value instanceof WireObject) return writeObject(value);
  if (isList(value)) return writeList(value);
  if (value instanceof WireFloat) return floatText(value.value);
  if (value instanceof WireEnum) return `{"__enum__": ${quote(value.text)}}`;
  if (value instanceof WireSet) return `{"${value.marker}": ${writeList(sortItems(value.items))}}`;
  if (value instanceof WireItems) return `{"__mapping_items__": ${writeList(value.items)}}`;
  if (value instanceof WireStream) return writeList(value.items);
  return writeRecord(value as Readonly<Record<string, WireValue>>);
}

export function sortItems(items: readonly WireValue[]): readonly WireValue[] {
  if (items.length < 2) return items;
  return items
    .map((item) => [pythonText(item), item] as const)
    .sort((a, b) => compareText(a[0], b[0]))
    .map(([, item]) => item);
}

function writeList(items: Iterable<WireValue>): string {
  let text = "[";
  let separator = "";
  for (const item of items) {
    text += separator + writeWire(item);
    separator = ", ";
  }
  return `${text}]`;
}

function writeRecord(record: Readonly<Record<string, WireValue>>): string {
  let text = "{";
  let separator = "";
  for (const key of Object.keys(record).sort(compareText)) {
    const value = record[key];
    if (value === undefined) continue;
    text += `${separator}${quote(key)}: ${writeWire(value)}`;
    separator = ", ";
  }
  return `${text}}`;
}

function writeObject(object: WireObject): string {
  let text = object.layout.opening;
  object.layout.fields.forEach((field, index) => {
    const value = object.fields[index] ?? null;
    if (field.skip === "never" || !isSkipped(value, field.skip)) text += field.prefix + writeWire(value);
  });
  return `${text}}`;
}

/** Dagster leaves such fields out so that ids stay what they were before the field existed. */
export function isSkipped(value: WireValue, rule: "empty" | "none"): boolean {
  if (value === null) return true;
  if (rule === "none") return false;
  if (value instanceof WireSet || value instanceof WireItems) return value.items.length === 0;
  if (value instanceof WireText) return isSkipped(parseJson(value.text), rule);
  if (isList(value)) return value.length === 0;
  if (typeof value !== "object" || Object.getPrototypeOf(value) !== Object.prototype) return false;
  return Object.keys(value).length === 0;
}

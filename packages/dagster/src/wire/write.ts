import { sortFew } from "../sort-few.ts";
import { asciiBytes, ByteWriter, MARK } from "./byte-writer.ts";
import { floatText, numberText, WireFloat } from "./float.ts";
import { WireEnum, WireFilled, WireItems, WireObject, WireSet, WireStream, WireText } from "./nodes.ts";
import { parseJson } from "./parse.ts";
import { pythonText } from "./python-text.ts";
import { compareText } from "./text.ts";
import type { WireValue } from "./value.ts";

/** Most values that are written alone are rows and replies of a few kilobytes. */
const TEXT_BYTES = 16_384;
const idle: ByteWriter[] = [];

/** Canonical text of a value: Python's `json.dumps` with sorted keys. */
export function writeWire(value: WireValue): string {
  // A value may be made while another is written.
  const writer = idle.pop() ?? new ByteWriter(TEXT_BYTES);
  writeTo(writer, value);
  const text = writer.takeText();
  idle.push(writer);
  return text;
}

/** Writes the canonical text of a value. */
export function writeTo(writer: ByteWriter, value: WireValue): void {
  switch (typeof value) {
    case "string":
      writer.quoted(value);
      break;
    case "number":
      writer.ascii(numberText(value));
      break;
    case "boolean":
      writer.bytes(value ? TRUE : FALSE);
      break;
    case "bigint":
      writer.ascii(value.toString());
      break;
    default:
      if (value === null) writer.bytes(NULL);
      else writeNode(writer, value);
  }
}

const NULL = asciiBytes("null");
const TRUE = asciiBytes("true");
const FALSE = asciiBytes("false");
const ENUM = asciiBytes('{"__enum__": ');
const ITEMS = asciiBytes('{"__mapping_items__": ');

type Node = Exclude<WireValue, string | number | boolean | bigint | null>;

const isList = (value: unknown): value is readonly WireValue[] => Array.isArray(value);

function writeNode(writer: ByteWriter, value: Node): void {
  if (value instanceof WireFilled) writeFilled(writer, value);
  else if (isList(value)) writeList(writer, value);
  else if (value instanceof WireText) writer.ascii(value.text);
  else if (value instanceof WireObject) writeObject(writer, value);
  else if (value instanceof WireFloat) writer.ascii(floatText(value.value));
  else if (value instanceof WireEnum) wrapped(writer, ENUM, value.text);
  else if (value instanceof WireSet) writeSet(writer, value);
  else if (value instanceof WireItems) wrapped(writer, ITEMS, value.items);
  else if (value instanceof WireStream) writeList(writer, [...value.items]);
  else writeRecord(writer, value as Readonly<Record<string, WireValue>>);
}

function wrapped(writer: ByteWriter, opening: Uint8Array, value: WireValue): void {
  writer.bytes(opening);
  writeTo(writer, value);
  writer.mark(MARK.recordEnd);
}

function writeSet(writer: ByteWriter, { marker, items }: WireSet): void {
  writer.mark(MARK.record);
  writer.quoted(marker);
  writer.mark(MARK.colon, MARK.space);
  writeList(writer, sortItems(items));
  writer.mark(MARK.recordEnd);
}

function sortItems(items: readonly WireValue[]): readonly WireValue[] {
  if (items.length < 2) return items;
  return items
    .map((item) => [pythonText(item), item] as const)
    .sort((a, b) => compareText(a[0], b[0]))
    .map(([, item]) => item);
}

function writeFilled(writer: ByteWriter, { parts, fields }: WireFilled): void {
  const { segments, names } = parts;
  for (let i = 0; i < names.length; i++) {
    const segment = segments[i];
    const value = fields[names[i] ?? ""];
    if (segment === undefined || value === undefined) throw new TypeError(`field ${names[i]} is not filled`);
    writer.bytes(segment);
    writeTo(writer, value);
  }
  writer.bytes(parts.closing);
}

/** By index: this is called for every list of every asset, and an iterator would be made for each. */
function writeList(writer: ByteWriter, items: readonly WireValue[]): void {
  writer.mark(MARK.list);
  for (let i = 0; i < items.length; i++) {
    if (i > 0) writer.mark(MARK.comma, MARK.space);
    writeTo(writer, items[i] ?? null);
  }
  writer.mark(MARK.listEnd);
}

function writeRecord(writer: ByteWriter, record: Readonly<Record<string, WireValue>>): void {
  writer.mark(MARK.record);
  let isFirst = true;
  const keys = sortFew(Object.keys(record), compareText);
  for (let i = 0; i < keys.length; i++) {
    const key = keys[i] ?? "";
    const value = record[key];
    if (value === undefined) continue;
    if (!isFirst) writer.mark(MARK.comma, MARK.space);
    isFirst = false;
    writer.quoted(key);
    writer.mark(MARK.colon, MARK.space);
    writeTo(writer, value);
  }
  writer.mark(MARK.recordEnd);
}

function writeObject(writer: ByteWriter, object: WireObject): void {
  const { opening, fields } = object.layout;
  writer.bytes(opening);
  for (let i = 0; i < fields.length; i++) {
    const field = fields[i];
    const value = object.fields[i] ?? null;
    if (field === undefined || (field.skip !== "never" && isSkipped(value, field.skip))) continue;
    writer.bytes(field.prefix);
    writeTo(writer, value);
  }
  writer.mark(MARK.recordEnd);
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

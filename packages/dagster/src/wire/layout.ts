import { asciiBytes } from "./byte-writer.ts";
import type { ClassEntry } from "./class-table.ts";
import { compareText, quote } from "./text.ts";
import type { Json } from "./value.ts";

export type SkipRule = "never" | "empty" | "none";

export interface FieldLayout {
  readonly name: string;
  /** `, "name": `, ready to be appended. */
  readonly prefix: Uint8Array;
  readonly skip: SkipRule;
  readonly required: boolean;
  readonly fallback: Json;
}

/** A class entry compiled for writing: fields in text order, prefixes ready. */
export interface ClassLayout {
  readonly name: string;
  /** `{"__class__": "Name"`; every other key sorts after it. */
  readonly opening: Uint8Array;
  readonly fields: readonly FieldLayout[];
  readonly indexByName: ReadonlyMap<string, number>;
  /** Fields that the newest release has and this one has not: they are left out. */
  readonly dropped: ReadonlySet<string>;
}

/** `newest` is the entry that callers know; what it need not say has its default there or here. */
export function compileLayout(name: string, entry: ClassEntry, newest: ClassEntry = entry): ClassLayout {
  const fallbacks: Record<string, Json> = { ...entry.defaults, ...entry.constant };
  const known = { ...newest.defaults, ...newest.constant };
  const required = new Set<string>();
  for (const field of entry.required ?? []) {
    const fallback = known[field];
    if (fallback === undefined) required.add(field);
    else fallbacks[field] = fallback;
  }
  const skipOf = (field: string): SkipRule =>
    entry.skipEmpty?.includes(field) ? "empty" : entry.skipNone?.includes(field) ? "none" : "never";
  const names = [...new Set([...required, ...Object.keys(fallbacks)])].sort(compareText);
  const fields = names.map(
    (field): FieldLayout => ({
      name: field,
      prefix: asciiBytes(`, ${quote(field)}: `),
      skip: skipOf(field),
      required: required.has(field),
      fallback: fallbacks[field] ?? null,
    }),
  );
  return {
    name,
    opening: asciiBytes(`{"__class__": ${quote(name)}`),
    fields,
    indexByName: new Map(names.map((field, index) => [field, index])),
    dropped: new Set(
      [...(newest.required ?? []), ...Object.keys(known)].filter((field) => !names.includes(field)),
    ),
  };
}

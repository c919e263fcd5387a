import type { Json } from "./value.ts";

/** One wire class, as a Dagster release defines it. Field names are those on the wire. */
export interface ClassEntry {
  /** Fields without a constructor default. */
  readonly required?: readonly string[];
  /** Fields with one, and the value that stands for it. */
  readonly defaults?: Readonly<Record<string, Json>>;
  /** Left out when null, `[]`, `{}` or an empty set. */
  readonly skipEmpty?: readonly string[];
  /** Left out when null. */
  readonly skipNone?: readonly string[];
  /** Always written with this value; the class itself no longer has the field. */
  readonly constant?: Readonly<Record<string, Json>>;
}

/** Every class and enum that one Dagster release can read. */
export interface ClassTable {
  readonly version: string;
  readonly objects: Readonly<Record<string, ClassEntry>>;
  readonly enums: Readonly<Record<string, readonly string[]>>;
}

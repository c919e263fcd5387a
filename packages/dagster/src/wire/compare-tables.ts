import type { ClassTable } from "./class-table.ts";

/** What a release lacks of a table that objects are written with. Fields it does not know are harmless: readers drop them. */
export interface TableGaps {
  /** Classes and enum members that it cannot read. */
  readonly missing: readonly string[];
  /** Fields that it needs and that are not written. */
  readonly needed: readonly string[];
}

/** What a host of release `reader` could not read of objects that are written with `writer`. */
export function tableGaps(writer: ClassTable, reader: ClassTable): TableGaps {
  const missing: string[] = [];
  const needed: string[] = [];
  for (const [name, entry] of Object.entries(writer.objects)) {
    const other = reader.objects[name];
    if (other === undefined) {
      missing.push(name);
      continue;
    }
    const written = new Set([
      ...(entry.required ?? []),
      ...Object.keys({ ...entry.defaults, ...entry.constant }),
    ]);
    for (const field of other.required ?? []) if (!written.has(field)) needed.push(`${name}.${field}`);
  }
  for (const [name, members] of Object.entries(writer.enums)) {
    const known = new Set(reader.enums[name]);
    for (const member of members) if (!known.has(member)) missing.push(`${name}.${member}`);
  }
  return { missing, needed };
}

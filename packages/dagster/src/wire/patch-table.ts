import type { ClassEntry, ClassTable } from "./class-table.ts";

/** What a release has otherwise than another one; null stands for what it does not have. */
export interface TablePatch {
  readonly version: string;
  readonly objects: Readonly<Record<string, ClassEntry | null>>;
  readonly enums: Readonly<Record<string, readonly string[] | null>>;
}

/** The table of the release that a patch describes. */
export const patchTable = (from: ClassTable, patch: TablePatch): ClassTable => ({
  version: patch.version,
  objects: patched(from.objects, patch.objects),
  enums: patched(from.enums, patch.enums),
});

/** What `patchTable` makes `to` of `from` with. */
export const tablePatch = (from: ClassTable, to: ClassTable): TablePatch => ({
  version: to.version,
  objects: differences(from.objects, to.objects),
  enums: differences(from.enums, to.enums),
});

type Named<T> = Readonly<Record<string, T>>;

function patched<T>(from: Named<T>, patch: Named<T | null>): Named<T> {
  const result: Record<string, T> = { ...from };
  for (const [name, value] of Object.entries(patch)) {
    if (value === null) delete result[name];
    else result[name] = value;
  }
  return result;
}

function differences<T>(from: Named<T>, to: Named<T>): Named<T | null> {
  const result: Record<string, T | null> = {};
  for (const name of [...new Set([...Object.keys(from), ...Object.keys(to)])].sort()) {
    if (JSON.stringify(from[name]) !== JSON.stringify(to[name])) result[name] = to[name] ?? null;
  }
  return result;
}

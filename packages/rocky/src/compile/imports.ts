import type { RockyConfig } from "../config/index.ts";
import { joinPath } from "../paths.ts";
import type { Files } from "../ports.ts";
import { ENGINE_VERSION } from "../version.ts";
import { digest } from "./digest.ts";

export interface ImportedColumn {
  readonly name: string;
  /** As `catalog` shows it; undefined when the producer did not know. */
  readonly type?: string;
  readonly nullable: boolean;
}

/** What another project has published: the columns of its tables, by the full name in lower case. */
export interface Snapshot {
  readonly tables: ReadonlyMap<string, readonly ImportedColumn[]>;
  /** The full name of a table as SQL calls it: by all parts, or by schema and table. */
  readonly fullName: (written: string) => string | undefined;
  /** Over tables and columns; what a `pin` holds. */
  readonly hash: string;
}

export type SnapshotReading =
  | { readonly kind: "read"; readonly snapshot: Snapshot }
  | { readonly kind: "unreadable" | "too_new"; readonly file: string; readonly reason: string };

/** One `[imports.<name>]` with its files read. */
export interface LoadedImport {
  readonly name: string;
  readonly pin?: string;
  readonly current: SnapshotReading;
  /** What was accepted before. */
  readonly baseline?: SnapshotReading;
}

type Json = Readonly<Record<string, unknown>>;
const isRecord = (value: unknown): value is Json =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const columnOf = (value: unknown): readonly ImportedColumn[] =>
  isRecord(value) && typeof value.name === "string"
    ? [
        {
          name: value.name,
          nullable: value.nullable !== false,
          ...(typeof value.data_type === "string" ? { type: value.data_type } : {}),
        },
      ]
    : [];

const numbers = (version: string): readonly number[] => version.split(".").map(Number);

/** Written by a later minor version, whose catalogs may mean something else. */
const isNewer = (version: string): boolean => {
  const [major = 0, minor = 0] = numbers(version);
  const [ownMajor = 0, ownMinor = 0] = numbers(ENGINE_VERSION);
  return major > ownMajor || (major === ownMajor && minor > ownMinor);
};

const readSnapshot = (files: Files, file: string): SnapshotReading => {
  const unreadable = (reason: string): SnapshotReading => ({ kind: "unreadable", file, reason });
  const text = files.read(file);
  if (text === undefined) return unreadable("there is no such file");
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    return unreadable(error instanceof Error ? error.message : String(error));
  }
  if (!isRecord(value) || !Array.isArray(value.assets))
    return unreadable("it is no catalog: it has no list 'assets'");
  if (typeof value.version === "string" && isNewer(value.version))
    return {
      kind: "too_new",
      file,
      reason: `it was written by version ${value.version}, this is ${ENGINE_VERSION}`,
    };
  const tables = new Map<string, readonly ImportedColumn[]>();
  for (const asset of value.assets.filter(isRecord)) {
    if (typeof asset.fqn !== "string" || asset.kind === "Source" || !Array.isArray(asset.columns)) continue;
    tables.set(asset.fqn.toLowerCase(), asset.columns.flatMap(columnOf));
  }
  const hash = digest(JSON.stringify([...tables].sort()));
  return { kind: "read", snapshot: { tables, hash, fullName: nameFinder(tables) } };
};

/** Made once for all models, and only when one of them asks. */
const nameFinder = (tables: Snapshot["tables"]): Snapshot["fullName"] => {
  let names: ReadonlyMap<string, string> | undefined;
  return (written) => {
    const name = written.toLowerCase();
    if (tables.has(name)) return name;
    names ??= new Map([...tables.keys()].map((full) => [full.split(".").slice(-2).join("."), full]));
    return names.get(name);
  };
};

/** Reads the snapshots of all imports. A file that cannot be read is a finding and no failure. */
export const loadImports = (
  files: Files,
  { imports, directory }: Pick<RockyConfig, "imports" | "directory">,
): readonly LoadedImport[] =>
  imports.map(({ name, path, snapshot, baseline, pin }) => {
    const read = (file: string): SnapshotReading =>
      readSnapshot(files, joinPath(directory, joinPath(path, file)));
    return {
      name,
      current: read(snapshot),
      ...(baseline === undefined ? {} : { baseline: read(baseline) }),
      ...(pin === undefined || pin === "*" ? {} : { pin }),
    };
  });

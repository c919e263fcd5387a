import { directoryOf, normalizePath } from "./paths.ts";

export type FileKind = "file" | "directory";

export interface DirectoryEntry {
  readonly name: string;
  readonly kind: FileKind;
}

/**
 * The only way in which config, models, sql, compile and graph reach files. Paths use `/` and are absolute or
 * relative to the project's working directory. Every answer is undefined when there is nothing of that kind.
 */
export interface Files {
  /** The text of a file, decoded as UTF-8. */
  readonly read: (path: string) => string | undefined;
  /** Entries of a directory, sorted by name (byte order), links resolved. */
  readonly list: (path: string) => readonly DirectoryEntry[] | undefined;
  readonly kind: (path: string) => FileKind | undefined;
  /** What a file looks like from outside; absent where files have no outside, so that their texts must be compared. */
  readonly stamp?: (path: string) => FileStamp | undefined;
  /** Hears what readers find odd but harmless in a file, such as a key that nothing reads. */
  readonly warn?: (warning: FileWarning) => void;
}

/** Changes whenever a file is written, replaced or renamed. Times in microseconds since 1970. */
export interface FileStamp {
  readonly size: number;
  readonly inode: number;
  readonly modified: number;
  /** Of the file's entry in the file system, which no program can set at will. */
  readonly changed: number;
}

/** Something odd at a key of a file. Lines count from 1. */
export interface FileWarning {
  readonly file: string;
  readonly key: string;
  readonly message: string;
  readonly line?: number;
  readonly hint?: string;
}

/** Environment variables as passed in; never read from the process by the pure rooms. */
export type Environment = Readonly<Record<string, string | undefined>>;

const byName = (left: DirectoryEntry, right: DirectoryEntry): number =>
  left.name < right.name ? -1 : left.name > right.name ? 1 : 0;

/** A frozen snapshot of files: for worker threads, editors, browsers and tests. */
export const memoryFiles = (contents: Readonly<Record<string, string>>): Files => {
  const texts = new Map(Object.entries(contents).map(([path, text]) => [normalizePath(path), text]));
  const folders = new Map<string, Map<string, DirectoryEntry>>();
  const addEntry = (path: string, kind: FileKind): void => {
    const parent = directoryOf(path);
    const known = folders.get(parent);
    const entries = known ?? new Map<string, DirectoryEntry>();
    if (known === undefined) {
      folders.set(parent, entries);
      if (parent !== "." && parent !== "/") addEntry(parent, "directory");
    }
    const name = path.slice(path.lastIndexOf("/") + 1);
    entries.set(name, { name, kind });
  };
  for (const path of texts.keys()) addEntry(path, "file");
  return Object.freeze<Files>({
    read: (path) => texts.get(normalizePath(path)),
    list: (path) => {
      const entries = folders.get(normalizePath(path));
      return entries === undefined ? undefined : [...entries.values()].sort(byName);
    },
    kind: (path) => {
      const normal = normalizePath(path);
      if (texts.has(normal)) return "file";
      return folders.has(normal) ? "directory" : undefined;
    },
  });
};

import { isUtf8 } from "node:buffer";
import { readdirSync, readFileSync, realpathSync, statSync } from "node:fs";
import { resolve, sep } from "node:path";
import { RockyError } from "./errors.ts";
import { isAbsolutePath } from "./paths.ts";
import type { DirectoryEntry, FileKind, Files, FileStamp } from "./ports.ts";

const codeOf = (thrown: unknown): unknown =>
  thrown instanceof Error && "code" in thrown ? thrown.code : undefined;

const BYTE_ORDER_MARK = 0xfeff;

const ABSENT = new Set<unknown>(["ENOENT", "ENOTDIR", "EISDIR"]);

/** Runs a file system call; absence is undefined, any other refusal is an error that names the path. */
const attempt = <T>(path: string, call: () => T): T | undefined => {
  try {
    return call();
  } catch (thrown) {
    if (thrown instanceof RockyError) throw thrown;
    if (ABSENT.has(codeOf(thrown))) return undefined;
    throw new RockyError("io_failed", `cannot read '${path}' (${String(codeOf(thrown))})`, {
      where: { file: path },
      hint: "check that the path exists and that this user may read it",
      cause: thrown,
    });
  }
};

const stat = (absolute: string) => {
  try {
    return statSync(absolute, { throwIfNoEntry: false });
  } catch (thrown) {
    // A link to itself leads nowhere, as one to a missing file does.
    if (codeOf(thrown) === "ELOOP") return undefined;
    throw thrown;
  }
};

const kindOf = (absolute: string): FileKind | undefined => {
  const found = stat(absolute);
  if (found === undefined) return undefined;
  if (found.isDirectory()) return "directory";
  return found.isFile() ? "file" : undefined;
};

/** What a link stands for. One back to a folder that it lies in is passed over, or a walk would never end. */
const kindOfLink = (folder: string, name: string): FileKind | undefined => {
  const link = resolve(folder, name);
  const kind = kindOf(link);
  if (kind !== "directory") return kind;
  const target = realpathSync(link);
  return `${realpathSync(folder)}${sep}`.startsWith(`${target}${sep}`) ? undefined : kind;
};

/** Text as the original reads it: UTF-8 and nothing else, a byte order mark left out. */
const readText = (path: string, absolute: string): string => {
  const text = readFileSync(absolute, "utf8");
  // The replacement character may be written in the file; only then is a second look needed.
  if (text.includes("\ufffd") && !isUtf8(readFileSync(absolute)))
    throw new RockyError("io_failed", `'${path}' is not UTF-8 text`, {
      where: { file: path },
      hint: "save it as UTF-8",
    });
  return text.charCodeAt(0) === BYTE_ORDER_MARK ? text.slice(1) : text;
};

const stampOf = (absolute: string): FileStamp | undefined => {
  const found = statSync(absolute, { throwIfNoEntry: false });
  if (found === undefined || !found.isFile()) return undefined;
  const { size, ino: inode, mtimeMs, ctimeMs } = found;
  return { size, inode, modified: Math.round(mtimeMs * 1000), changed: Math.round(ctimeMs * 1000) };
};

/** The real file system; relative paths resolve against `cwd`. */
export const nodeFiles = (cwd: string): Files => {
  const base = resolve(cwd);
  // `resolve` takes longer than looking at the file, and only these need it.
  const absolute = (path: string): string =>
    isAbsolutePath(path) || path.includes("..") ? resolve(base, path) : `${base}/${path}`;
  return Object.freeze<Files>({
    stamp: (path) => attempt(path, () => stampOf(absolute(path))),
    read: (path) => attempt(path, () => readText(path, absolute(path))),
    list: (path) =>
      attempt(path, () => {
        const entries: DirectoryEntry[] = [];
        for (const entry of readdirSync(absolute(path), { withFileTypes: true })) {
          const kind = entry.isDirectory()
            ? "directory"
            : entry.isFile()
              ? "file"
              : kindOfLink(absolute(path), entry.name);
          if (kind !== undefined) entries.push({ name: entry.name, kind });
        }
        return entries.sort((left, right) => (left.name < right.name ? -1 : left.name > right.name ? 1 : 0));
      }),
    kind: (path) => attempt(path, () => kindOf(absolute(path))),
  });
};

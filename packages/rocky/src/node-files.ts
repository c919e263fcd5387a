import { readdirSync, readFileSync, statSync } from "node:fs";
import { resolve } from "node:path";
import { RockyError } from "./errors.ts";
import type { DirectoryEntry, FileKind, Files } from "./ports.ts";

const codeOf = (thrown: unknown): unknown =>
  thrown instanceof Error && "code" in thrown ? thrown.code : undefined;

const ABSENT = new Set<unknown>(["ENOENT", "ENOTDIR", "EISDIR", "ELOOP"]);

/** Runs a file system call; absence is undefined, any other refusal is an error that names the path. */
const attempt = <T>(path: string, call: () => T): T | undefined => {
  try {
    return call();
  } catch (thrown) {
    if (ABSENT.has(codeOf(thrown))) return undefined;
    throw new RockyError("io_failed", `cannot read '${path}' (${String(codeOf(thrown))})`, {
      where: { file: path },
      hint: "check that the path exists and that this user may read it",
      cause: thrown,
    });
  }
};

const kindOf = (absolute: string): FileKind | undefined => {
  const found = statSync(absolute, { throwIfNoEntry: false });
  if (found === undefined) return undefined;
  if (found.isDirectory()) return "directory";
  return found.isFile() ? "file" : undefined;
};

/** The real file system; relative paths resolve against `cwd`. */
export const nodeFiles = (cwd: string): Files =>
  Object.freeze<Files>({
    read: (path) => attempt(path, () => readFileSync(resolve(cwd, path), "utf8")),
    list: (path) =>
      attempt(path, () => {
        const entries: DirectoryEntry[] = [];
        for (const entry of readdirSync(resolve(cwd, path), { withFileTypes: true })) {
          const kind = entry.isDirectory()
            ? "directory"
            : entry.isFile()
              ? "file"
              : kindOf(resolve(cwd, path, entry.name));
          if (kind !== undefined) entries.push({ name: entry.name, kind });
        }
        return entries.sort((left, right) => (left.name < right.name ? -1 : left.name > right.name ? 1 : 0));
      }),
    kind: (path) => attempt(path, () => kindOf(resolve(cwd, path))),
  });

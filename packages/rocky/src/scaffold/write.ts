import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { RockyError } from "../errors.ts";

/** Path to text, relative to the folder that is filled. */
export type FileSet = Readonly<Record<string, string>>;

export interface Written {
  readonly created: readonly string[];
  /** Files that were there already and stayed as they are. */
  readonly kept: readonly string[];
}

/** Writes files that do not exist yet; never replaces one. */
export const writeFileSet = async (directory: string, files: FileSet): Promise<Written> => {
  const created: string[] = [];
  const kept: string[] = [];
  for (const [path, text] of Object.entries(files)) {
    const target = join(directory, path);
    try {
      await mkdir(dirname(target), { recursive: true });
      await writeFile(target, text, { flag: "wx" });
      created.push(path);
    } catch (thrown) {
      if (thrown instanceof Error && "code" in thrown && thrown.code === "EEXIST") kept.push(path);
      else
        throw new RockyError("io_failed", `cannot write '${path}'`, {
          where: { file: target },
          hint: "check that the folder exists and may be written",
          cause: thrown,
        });
    }
  }
  return { created, kept };
};

import { access, mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { TEMPLATES } from "./templates.ts";

export interface InitOptions {
  /** Replace files that are there. Default false: nothing is written when one is. */
  readonly overwrite?: boolean;
}

/** A project cannot be made because it would replace something. */
export class FilesExistError extends Error {
  override readonly name = "FilesExistError";
  readonly files: readonly string[];

  constructor(files: readonly string[]) {
    super(`These files exist already: ${files.join(", ")}. Choose another folder, or overwrite them.`);
    this.files = files;
  }
}

/** Writes a new project and returns the files, in the order in which they were written. */
export async function initRockyProject(
  folder: string,
  options: InitOptions = {},
): Promise<readonly string[]> {
  const files = Object.entries(TEMPLATES).map(([name, content]) => ({ path: join(folder, name), content }));
  if (!options.overwrite) {
    const present = await Promise.all(files.map(async ({ path }) => ((await exists(path)) ? [path] : [])));
    const existing = present.flat();
    if (existing.length > 0) throw new FilesExistError(existing);
  }
  for (const { path, content } of files) {
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, content);
  }
  return files.map(({ path }) => path);
}

const exists = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  );

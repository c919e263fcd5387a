import { mkdir, stat, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { PROJECT_FILES } from "./project-files.ts";

export interface InitOptions {
  /** Replace files that exist; default false. */
  readonly overwrite?: boolean;
}

const exists = async (path: string): Promise<boolean> =>
  stat(path).then(
    () => true,
    () => false,
  );

/**
 * Writes a small project into a folder and returns the paths of its files. Nothing is written when one of the
 * files exists already, unless `overwrite` is set.
 */
export const initRockyProject = async (
  folder: string,
  options: InitOptions = {},
): Promise<readonly string[]> => {
  const files = Object.entries(PROJECT_FILES).map(([name, text]) => [join(folder, name), text] as const);
  if (options.overwrite !== true) {
    for (const [path] of files)
      if (await exists(path)) throw new Error(`${path} exists already; pass --overwrite to replace it`);
  }
  for (const [path, text] of files) {
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, text);
  }
  return files.map(([path]) => path);
};

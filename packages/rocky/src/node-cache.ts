import { appendFileSync, existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { TextCache } from "./sql/index.ts";

/** A cache in `.rocky/cache` of a directory. A directory that cannot be written simply has none. */
export const nodeCache = (directory: string): TextCache => {
  const home = join(directory, ".rocky");
  const folder = join(home, "cache");
  const attempt = <T>(work: () => T): T | undefined => {
    try {
      return work();
    } catch {
      return undefined;
    }
  };
  const prepare = (): void => {
    mkdirSync(folder, { recursive: true });
    const ignore = join(home, ".gitignore");
    if (!existsSync(ignore)) writeFileSync(ignore, "*\n");
  };
  return Object.freeze<TextCache>({
    read: (name) => attempt(() => readFileSync(join(folder, name), "utf8")),
    append: (name, text) =>
      attempt(() => {
        prepare();
        appendFileSync(join(folder, name), text);
      }),
    replace: (name, text) =>
      attempt(() => {
        prepare();
        // Another process may be reading: it sees the old text or the new one, never half of one.
        const temporary = join(folder, `${name}.${process.pid}.tmp`);
        writeFileSync(temporary, text);
        renameSync(temporary, join(folder, name));
      }),
  });
};

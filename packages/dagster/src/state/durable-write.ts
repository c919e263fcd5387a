import { randomUUID } from "node:crypto";
import { mkdir, open, rename, rm } from "node:fs/promises";
import { basename, dirname, join } from "node:path";

const syncFolder = async (folder: string): Promise<void> => {
  // Windows cannot open folders; there a rename is durable by itself.
  if (process.platform === "win32") return;
  const handle = await open(folder, "r");
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
};

const isList = (content: unknown): content is readonly Uint8Array[] => Array.isArray(content);

/**
 * Replaces a file so that a reader, or a machine that loses power, sees the whole old or the whole new content.
 * Large contents may come in pieces, which are written one after the other. The temporary file has a name of its own, lies beside the target and is removed when anything fails.
 */
export const writeFileDurably = async (
  path: string,
  content: string | Uint8Array | readonly Uint8Array[],
  mode = 0o644,
): Promise<void> => {
  const folder = dirname(path);
  await mkdir(folder, { recursive: true });
  const temporary = join(folder, `.${basename(path)}.${process.pid}.${randomUUID()}.tmp`);
  try {
    const handle = await open(temporary, "wx", mode);
    try {
      if (isList(content)) for (const part of content) await handle.writeFile(part);
      else await handle.writeFile(content);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
  await syncFolder(folder);
};

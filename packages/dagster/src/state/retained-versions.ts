import { existsSync } from "node:fs";
import { copyFile, link, mkdir, readdir, rm, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileDigest } from "./file-digest.ts";

const FOLDER = ".versions";
/** Runs may wait in a queue for long; after this they load the newest state instead. */
const KEEP_MS = 7 * 24 * 3600 * 1000;
const KEEP_COUNT = 20;

const versionPath = (statePath: string, digest: string): string => join(dirname(statePath), FOLDER, digest);

const isSameFile = async (a: string, b: string): Promise<boolean> => {
  const [first, second] = await Promise.all([stat(a, { bigint: true }), stat(b, { bigint: true })]);
  return first.ino === second.ino && first.dev === second.dev && first.ino !== 0n;
};

const removeOld = async (folder: string, keep: string): Promise<void> => {
  const names = (await readdir(folder)).filter((name) => name !== keep);
  const files = await Promise.all(
    // The change time: for a link that lost its other name it is the moment of the refresh that replaced it.
    names.map(async (name) => ({ name, at: (await stat(join(folder, name))).ctimeMs })),
  );
  files.sort((a, b) => b.at - a.at);
  const old = files.filter(({ at }, index) => index >= KEEP_COUNT || Date.now() - at > KEEP_MS);
  await Promise.all(old.map(({ name }) => rm(join(folder, name), { force: true })));
};

/**
 * Keeps the bytes of a local state file reachable after a later refresh replaced it, so that a run loads what
 * its snapshot was made from. A hard link costs nothing: a refresh renames a new file over the old name.
 * Gives the digest, or undefined where the folder cannot be written (an image with its state baked in).
 */
export const retainLocalState = async (statePath: string): Promise<string | undefined> => {
  const digest = fileDigest(statePath);
  const kept = versionPath(statePath, digest);
  try {
    if (!existsSync(kept)) {
      await mkdir(dirname(kept), { recursive: true });
      await link(statePath, kept).catch(() => copyFile(statePath, kept));
    }
    // The name must not promise other bytes than it holds: a writer that edits in place changes the link too.
    if (!(await isSameFile(statePath, kept)) && fileDigest(kept) !== digest) {
      await rm(kept, { force: true });
      return undefined;
    }
    await removeOld(dirname(kept), digest);
    return digest;
  } catch {
    return undefined;
  }
};

/** The retained file of a digest, or undefined when it is gone or no longer holds these bytes. */
export const retainedState = async (statePath: string, digest: string): Promise<string | undefined> => {
  if (!/^[0-9a-f]{64}$/.test(digest)) return undefined;
  for (const path of [statePath, versionPath(statePath, digest)]) {
    if (existsSync(path) && fileDigest(path) === digest) return path;
  }
  return undefined;
};

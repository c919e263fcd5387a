import { existsSync, statSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type KeyStateInfo, LOCAL_VERSION } from "./state-info.ts";
import { sanitizeStateKey } from "./state-key.ts";

const STATE_FOLDER = ".local_defs_state";
/** What Dagster itself writes there: nothing below the folder belongs into version control. */
const IGNORE_ALL = "*\n*/\n.*";

export const stateFolder = (defsFolder: string): string => join(defsFolder, STATE_FOLDER);

/** Where the local state of `key` lies; nothing is created. */
export const localStatePath = (defsFolder: string, key: string): string =>
  join(stateFolder(defsFolder), sanitizeStateKey(key), "state");

/** Creates the folder for a state file, and the ignore file of its parent. */
export const prepareLocalState = async (defsFolder: string, key: string): Promise<string> => {
  const path = localStatePath(defsFolder, key);
  await mkdir(join(path, ".."), { recursive: true });
  const ignore = join(stateFolder(defsFolder), ".gitignore");
  if (!existsSync(ignore)) await writeFile(ignore, IGNORE_ALL);
  return path;
};

/** The version entry of a local state file, or undefined when there is none. */
export const localStateInfo = (path: string): KeyStateInfo | undefined => {
  const found = statSync(path, { throwIfNoEntry: false });
  return found === undefined ? undefined : { version: LOCAL_VERSION, createTimestamp: found.mtimeMs / 1000 };
};

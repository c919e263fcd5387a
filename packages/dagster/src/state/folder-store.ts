import { randomUUID } from "node:crypto";
import { copyFile, readFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { writeWire } from "../wire/index.ts";
import { writeFileDurably } from "./durable-write.ts";
import { type DefsStateInfo, readStateInfo, stateInfoWire } from "./state-info.ts";
import { sanitizeStateKey } from "./state-key.ts";
import { StateStoreError, type VersionedStateStore } from "./versioned-store.ts";

/** The row of the instance's key-value table that every Dagster process reads the pointers from. */
export const POINTER_KEY = "__latest_defs_state_info__";

/** The key-value table of the run storage. */
export interface KeyValues {
  getKeyValues(keys: readonly string[]): Promise<ReadonlyMap<string, string>>;
  /** Replaces a value by what `change` makes of it, with no other update in between. */
  updateKeyValue(key: string, change: (value: string | undefined) => string): Promise<void>;
}

/**
 * Dagster's own processes read the pointers and write them back in two steps: one that read before this process wrote
 * takes the new pointer back. So it is looked at again after the time that such steps take.
 */
const SETTLE_MS = 50;
const ATTEMPTS = 5;

/** A version becomes a file name: nothing that could leave its folder is looked up. */
const isSafeVersion = (version: string): boolean => /^[A-Za-z0-9_-][A-Za-z0-9._-]*$/.test(version);

/** Dagster's own layout in a folder: `<base>/<key>/<version>`, pointers in the instance database. */
export const createFolderStore = (basePath: string, keyValues: KeyValues): VersionedStateStore => {
  const pathOf = (key: string, version: string): string => {
    if (!isSafeVersion(version)) {
      throw new StateStoreError(
        `state version ${JSON.stringify(version)} of ${JSON.stringify(key)} is not valid`,
      );
    }
    return join(basePath, sanitizeStateKey(key), version);
  };
  const latest = async (): Promise<DefsStateInfo | undefined> => {
    const text = (await keyValues.getKeyValues([POINTER_KEY])).get(POINTER_KEY);
    return text === undefined ? undefined : readStateInfo(text);
  };
  /** All keys share one row, so that refreshes of different keys change the same text. */
  const point = async (key: string, version: string): Promise<string | undefined> => {
    let before: string | undefined;
    await keyValues.updateKeyValue(POINTER_KEY, (text) => {
      const known = text === undefined ? {} : (readStateInfo(text) ?? {});
      before = known[key]?.version;
      const info: DefsStateInfo = { ...known, [key]: { version, createTimestamp: Date.now() / 1000 } };
      return writeWire(stateInfoWire(info));
    });
    return before;
  };
  const setLatest = async (key: string, version: string): Promise<void> => {
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
      const before = await point(key, version);
      await sleep(SETTLE_MS);
      const now = (await latest())?.[key]?.version;
      // A version that is neither ours nor the earlier one is that of a later refresh.
      if (now !== before || before === version) return;
    }
    throw new StateStoreError(
      `version ${version} of state ${JSON.stringify(key)} is stored, but other refreshes kept taking its ` +
        "pointer back; refresh again when they have ended",
    );
  };
  return {
    latest,
    setLatest,
    async download(key, version, path) {
      const source = pathOf(key, version);
      try {
        await copyFile(source, path);
      } catch (cause) {
        throw new StateStoreError(
          `version ${version} of state ${JSON.stringify(key)} is not at ${source}; ` +
            "refresh the state, or point defs_state_storage at the folder that holds it",
          { cause },
        );
      }
    },
    async upload(key, path) {
      const version = randomUUID();
      await writeFileDurably(pathOf(key, version), await readFile(path));
      await setLatest(key, version);
      return version;
    },
  };
};

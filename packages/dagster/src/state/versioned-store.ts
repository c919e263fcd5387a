import type { DefsStateInfo } from "./state-info.ts";

/** Where state of management type VERSIONED_STATE_STORAGE lies, with its pointers to the newest versions. */
export interface VersionedStateStore {
  /** The newest version of every key, or undefined when nothing was ever stored. */
  latest(): Promise<DefsStateInfo | undefined>;
  setLatest(key: string, version: string): Promise<void>;
  /** Copies a stored version to `path`; an unknown version is an error that names both. */
  download(key: string, version: string, path: string): Promise<void>;
  /** Stores the file under a new version and makes that the newest. */
  upload(key: string, path: string): Promise<string>;
}

/** A versioned state that cannot be read or written. */
export class StateStoreError extends Error {
  override readonly name = "StateStoreError";
}

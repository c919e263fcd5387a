import { statSync } from "node:fs";

/** A file as it was when its content was read. */
export interface WatchedFile {
  readonly path: string;
  /** Changes whenever the file is replaced or edited; empty while it does not exist. */
  readonly fingerprint: string;
}

/** A refresh replaces the file, so inode, size and time together tell every change. */
export const fingerprintOf = (path: string): string => {
  const found = statSync(path, { throwIfNoEntry: false, bigint: true });
  return found === undefined ? "" : `${found.ino}:${found.size}:${found.mtimeNs}`;
};

export const watchedFile = (path: string): WatchedFile => ({ path, fingerprint: fingerprintOf(path) });

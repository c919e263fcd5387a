import { StorageError } from "../instance/errors.ts";
import type { VersionedStateStore } from "./versioned-store.ts";

/** A store that opened connections which must be closed. */
export interface OpenStateStore extends VersionedStateStore {
  close(): Promise<void>;
}

type Env = Readonly<Record<string, string | undefined>>;

/**
 * The versioned store of an instance. Nothing is imported or opened before the first use: most locations keep their
 * state in files and never need it. Undefined when there is no instance.
 */
export const openStateStore = (given: string | undefined, env: Env): OpenStateStore | undefined => {
  if (given === undefined && !env.DAGSTER_HOME) return undefined;
  let opened: Promise<OpenStateStore> | undefined;
  const openNow = async (): Promise<OpenStateStore> =>
    (await import("./instance-store.ts")).openInstanceStore(given, env);
  const open = () => {
    opened ??= openNow();
    // A database that is away now may be there for the next load.
    opened.catch(() => {
      opened = undefined;
    });
    return opened;
  };
  return {
    async latest() {
      try {
        return await (await open()).latest();
      } catch (error) {
        // The host creates its database at its first start; before that nothing can have been stored.
        if (error instanceof StorageError && error.code === "missing_database") return undefined;
        throw error;
      }
    },
    setLatest: async (key, version) => (await open()).setLatest(key, version),
    download: async (key, version, path) => (await open()).download(key, version, path),
    upload: async (key, path) => (await open()).upload(key, path),
    close: async () => (await opened?.catch(() => undefined))?.close(),
  };
};

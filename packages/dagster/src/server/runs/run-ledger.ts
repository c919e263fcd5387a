import { mkdir, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir, userInfo } from "node:os";
import { createHash } from "node:crypto";
import { chmod } from "node:fs/promises";
import { join } from "node:path";
import { writeFileDurably } from "../../state/durable-write.ts";
import type { ProcessIdentity } from "./process-identity.ts";

/** What must be known of an active run to report it should its worker die. */
export interface LedgerEntry {
  readonly runId: string;
  readonly worker: ProcessIdentity;
  /** The server that started it; while that one lives, the run is its business. */
  readonly server: ProcessIdentity;
  /** Serialised `InstanceRef`. */
  readonly instanceRef: string;
  /** Leaders of process groups that the worker started. */
  readonly groups: readonly number[];
}

/** Active runs on disk, so that a restarted server still reports the ones whose workers died meanwhile. */
export interface RunLedger {
  record(entry: LedgerEntry): Promise<void>;
  forget(runId: string): Promise<void>;
  entries(): Promise<readonly LedgerEntry[]>;
}

/** Instance references may hold a database password: only the owner may read them. */
const OWNER_ONLY = 0o700;
const OWNER_FILE = 0o600;

const fallbackFolder = (projectRoot: string): string => {
  const project = createHash("sha256").update(projectRoot).digest("hex").slice(0, 16);
  return join(tmpdir(), `dagster-ts-${userInfo().uid}`, project, "runs");
};

const usable = async (folder: string): Promise<boolean> => {
  try {
    await mkdir(folder, { recursive: true, mode: OWNER_ONLY });
    await chmod(folder, OWNER_ONLY);
    return true;
  } catch {
    return false;
  }
};

const isSafeName = (runId: string): boolean => /^[A-Za-z0-9-]+$/.test(runId);

const usablePlace = async (folder: string, projectRoot: string): Promise<string> => {
  if (await usable(folder)) return folder;
  const fallback = fallbackFolder(projectRoot);
  await usable(fallback);
  return fallback;
};

/**
 * The ledger in `folder`, or below the temporary folder when an image is read-only. Nothing is touched before the
 * first use.
 */
export const createRunLedger = (folder: () => string, projectRoot: string): RunLedger => {
  let found: Promise<string> | undefined;
  const place = (): Promise<string> => {
    found ??= usablePlace(folder(), projectRoot);
    return found;
  };
  const pathOf = async (runId: string): Promise<string> => {
    if (!isSafeName(runId)) throw new Error(`run id ${JSON.stringify(runId)} is not valid`);
    return join(await place(), `${runId}.json`);
  };
  const read = async (name: string): Promise<LedgerEntry | undefined> => {
    try {
      return JSON.parse(await readFile(join(await place(), name), "utf8")) as LedgerEntry;
    } catch {
      return undefined;
    }
  };
  return {
    record: async (entry) => writeFileDurably(await pathOf(entry.runId), JSON.stringify(entry), OWNER_FILE),
    forget: async (runId) => rm(await pathOf(runId), { force: true }),
    async entries() {
      const names = (await readdir(await place())).filter((name) => name.endsWith(".json"));
      const found = await Promise.all(names.map(read));
      return found.filter((entry) => entry !== undefined);
    },
  };
};

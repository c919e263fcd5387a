import { existsSync } from "node:fs";
import type { Adapter, OpenOptions, Session } from "../adapter.ts";
import { acquireTogether, type TogetherLease } from "./instance-pool.ts";
import { loadDuckDb } from "./open-waiting.ts";
import { createDuckDbSession } from "./session.ts";

export interface DuckDbAdapterOptions {
  readonly name: string;
  /** Absolute path of the file; undefined means a database in memory. */
  readonly path?: string;
}

/** A database in memory lives as long as the command that opened it. */
const leaseMemory = async (): Promise<TogetherLease> => {
  const { DuckDBInstance } = await loadDuckDb();
  const instance = await DuckDBInstance.create(":memory:");
  return { instance, reserved: new Map(), release: () => instance.closeSync() };
};

export const createDuckDbAdapter = ({ name, path }: DuckDbAdapterOptions): Adapter => {
  const lease = (options: OpenOptions): Promise<TogetherLease> => {
    if (path === undefined || path === ":memory:") return leaseMemory();
    // Reading must not create the file, and a project whose data is yet to come has nothing to discover.
    if (options.mode === "read" && !existsSync(path)) return leaseMemory();
    return acquireTogether(path, options);
  };
  const open = async (options: OpenOptions): Promise<Session> => {
    const { instance, release, reserved } = await lease(options);
    try {
      return await createDuckDbSession(instance, options, { release, reserved });
    } catch (error) {
      release();
      throw error;
    }
  };
  return Object.freeze({ name, type: "duckdb", open });
};

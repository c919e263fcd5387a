import { existsSync } from "node:fs";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ComponentLoadContext, RefreshReport, StateBackedComponent } from "../components/component.ts";
import { prepareLocalState } from "./local-state.ts";
import { withLock } from "./lock.ts";
import { CODE_SERVER_VERSION, LOCAL_VERSION } from "./state-info.ts";
import { StateStoreError, type VersionedStateStore } from "./versioned-store.ts";

export interface RefreshOptions {
  readonly component: StateBackedComponent;
  readonly context: ComponentLoadContext;
  readonly defsFolder: string;
  readonly store?: VersionedStateStore | undefined;
  readonly signal?: AbortSignal;
}

export interface RefreshedState {
  readonly version: string;
  /** The state itself, for the management type that keeps it in memory. */
  readonly text?: string;
  /** What could not be refreshed. */
  readonly problems: readonly string[];
}

/** Runs `work` with the path of a state file in a private folder that is removed afterwards. */
export const withTemporaryState = async <T>(work: (path: string) => Promise<T>): Promise<T> => {
  const folder = await mkdtemp(join(tmpdir(), "defs-state-"));
  try {
    return await work(join(folder, "state"));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
};

const problemsOf = (report: RefreshReport | undefined): readonly string[] => report?.problems ?? [];

const lockOptions = (signal: AbortSignal | undefined) => (signal === undefined ? {} : { signal });

const refreshLocal = async (options: RefreshOptions): Promise<RefreshedState> => {
  const { component, context, signal } = options;
  const { key } = component.defsStateConfig;
  const path = await prepareLocalState(options.defsFolder, key);
  const report = await withLock(
    `${path}.lock`,
    () => component.writeStateToPath(path, context, signal),
    lockOptions(signal),
  );
  return { version: LOCAL_VERSION, problems: problemsOf(report) };
};

const requireWritten = (path: string, key: string): void => {
  if (!existsSync(path))
    throw new StateStoreError(`the component of state ${JSON.stringify(key)} wrote no state`);
};

const refreshVersioned = async (options: RefreshOptions): Promise<RefreshedState> => {
  const { component, context, signal, store } = options;
  const { key } = component.defsStateConfig;
  if (store === undefined) {
    throw new StateStoreError(
      `state ${JSON.stringify(key)} is kept in versioned storage, which needs a Dagster instance: set DAGSTER_HOME`,
    );
  }
  return withTemporaryState(async (path) => {
    const report = await component.writeStateToPath(path, context, signal);
    requireWritten(path, key);
    return { version: await store.upload(key, path), problems: problemsOf(report) };
  });
};

const refreshInMemory = async ({ component, context, signal }: RefreshOptions): Promise<RefreshedState> =>
  withTemporaryState(async (path) => {
    const report = await component.writeStateToPath(path, context, signal);
    requireWritten(path, component.defsStateConfig.key);
    return {
      version: CODE_SERVER_VERSION,
      text: await readFile(path, "utf8"),
      problems: problemsOf(report),
    };
  });

/** Fetches new state and stores it where the component's management type says. */
export const refreshState = (options: RefreshOptions): Promise<RefreshedState> => {
  const { managementType } = options.component.defsStateConfig;
  switch (managementType) {
    case "LOCAL_FILESYSTEM":
      return refreshLocal(options);
    case "VERSIONED_STATE_STORAGE":
      return refreshVersioned(options);
    case "LEGACY_CODE_SERVER_SNAPSHOTS":
      return refreshInMemory(options);
    default: {
      const never: never = managementType;
      throw new TypeError(`unknown management type ${String(never)}`);
    }
  }
};

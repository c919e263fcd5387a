import { existsSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import type { Definitions } from "../definitions/definitions.ts";
import { type WatchedFile, watchedFile } from "../state/fingerprint.ts";
import { codeServerKey, retainedKey } from "../state/load-data.ts";
import { localStateInfo, localStatePath, prepareLocalState } from "../state/local-state.ts";
import { withLock } from "../state/lock.ts";
import { refreshState, withTemporaryState } from "../state/refresh.ts";
import { retainedState, retainLocalState } from "../state/retained-versions.ts";
import { CODE_SERVER_VERSION, isStoredVersion, type KeyStateInfo } from "../state/state-info.ts";
import { StateStoreError } from "../state/versioned-store.ts";
import type { StateBackedComponent } from "./component.ts";
import { type CreatedComponent, isStateBacked } from "./create-components.ts";
import type { LoadOptions } from "./loaded-location.ts";
import { ProjectFileError } from "./project-file-error.ts";

/** The definitions of one component and which state they were made from. */
export interface BuiltComponent {
  readonly definitions: Definitions;
  readonly state?: { readonly key: string; readonly info: KeyStateInfo | null };
  readonly stateFile?: WatchedFile;
  readonly metadata: Readonly<Record<string, string>>;
}

interface StateTask {
  readonly component: StateBackedComponent;
  readonly created: CreatedComponent;
  readonly options: LoadOptions;
  readonly defsFolder: string;
}

/** Set by `dagster dev` and every `dg` command. */
const isDevelopment = (env: LoadOptions["env"]): boolean => Boolean(env.DAGSTER_IS_DEV_CLI);

const runBeforeLoad = async (task: StateTask, path: string): Promise<void> => {
  const { component, created } = task;
  if (component.beforeLoad === undefined) return;
  // The lock needs a folder that can be written, which an image with baked-in state may not be.
  if (existsSync(path)) return component.beforeLoad(created.context, path);
  await prepareLocalState(task.defsFolder, component.defsStateConfig.key);
  await withLock(`${path}.lock`, async () => component.beforeLoad?.(created.context, path));
};

const buildLocal = async (task: StateTask): Promise<BuiltComponent> => {
  const { component, created, options } = task;
  const { key } = component.defsStateConfig;
  const stateFile = localStatePath(task.defsFolder, key);
  await runBeforeLoad(task, stateFile);
  const digest = options.reconstruction?.metadata[retainedKey(key)];
  const retained = digest === undefined ? undefined : await retainedState(stateFile, digest);
  // Taken before anything is read: a refresh that happens meanwhile then shows as a change.
  const watched = watchedFile(stateFile);
  const info = localStateInfo(stateFile);
  const path = retained ?? (info && stateFile);
  const current =
    options.reconstruction === undefined && info !== undefined ? await retainLocalState(stateFile) : digest;
  return {
    definitions: await component.buildDefsFromState(created.context, path),
    state: { key, info: info ?? null },
    stateFile: watched,
    metadata: current === undefined ? {} : { [retainedKey(key)]: current },
  };
};

const buildVersioned = async (task: StateTask): Promise<BuiltComponent> => {
  const { component, created, options } = task;
  const { key } = component.defsStateConfig;
  const { store } = options;
  if (store === undefined) {
    throw new StateStoreError(
      `state ${JSON.stringify(key)} is kept in versioned storage, which needs a Dagster instance: set DAGSTER_HOME`,
    );
  }
  const known = options.reconstruction?.stateInfo ?? options.pinned ?? (await store.latest()) ?? {};
  const info = known[key] ?? null;
  if (info === null || !isStoredVersion(info.version)) {
    const definitions = await component.buildDefsFromState(created.context, undefined);
    return { definitions, state: { key, info: null }, metadata: {} };
  }
  return withTemporaryState(async (path) => {
    await store.download(key, info.version, path);
    const definitions = await component.buildDefsFromState(created.context, path);
    return { definitions, state: { key, info }, metadata: {} };
  });
};

const buildInMemory = async (task: StateTask, refreshed: string | undefined): Promise<BuiltComponent> => {
  const { component, created, options } = task;
  const { key } = component.defsStateConfig;
  const text = refreshed ?? options.reconstruction?.metadata[codeServerKey(key)];
  const info =
    text === undefined ? null : { version: CODE_SERVER_VERSION, createTimestamp: Date.now() / 1000 };
  return withTemporaryState(async (path) => {
    if (text !== undefined) await writeFile(path, text);
    const definitions = await component.buildDefsFromState(
      created.context,
      text === undefined ? undefined : path,
    );
    return {
      definitions,
      state: { key, info },
      metadata: text === undefined ? {} : { [codeServerKey(key)]: text },
    };
  });
};

const refreshOnLoad = async (task: StateTask): Promise<string | undefined> => {
  const { component, created, options, defsFolder } = task;
  const { managementType, refreshIfDev } = component.defsStateConfig;
  const wanted =
    managementType === "LEGACY_CODE_SERVER_SNAPSHOTS" || (isDevelopment(options.env) && refreshIfDev);
  if (options.reconstruction !== undefined || !wanted) return undefined;
  const { store, signal } = options;
  const refreshed = await refreshState({
    component,
    context: created.context,
    defsFolder,
    store,
    ...(signal === undefined ? {} : { signal }),
  });
  return refreshed.text;
};

const buildStateBacked = async (task: StateTask): Promise<BuiltComponent> => {
  const refreshed = await refreshOnLoad(task);
  const { managementType } = task.component.defsStateConfig;
  switch (managementType) {
    case "LOCAL_FILESYSTEM":
      return buildLocal(task);
    case "VERSIONED_STATE_STORAGE":
      return buildVersioned(task);
    case "LEGACY_CODE_SERVER_SNAPSHOTS":
      return buildInMemory(task, refreshed);
    default: {
      const never: never = managementType;
      throw new TypeError(`unknown management type ${String(never)}`);
    }
  }
};

const describe = ({ component, declaration }: CreatedComponent, defsFolder: string): string => {
  if (!isStateBacked(component)) return declaration.typeName;
  const { key, managementType } = component.defsStateConfig;
  const place = managementType === "LOCAL_FILESYSTEM" ? ` in ${localStatePath(defsFolder, key)}` : "";
  return `${declaration.typeName} (defs state ${key}${place})`;
};

/** Builds one component; an error names the file, the component and, where there is one, its state. */
export const buildComponent = async (
  created: CreatedComponent,
  options: LoadOptions,
  defsFolder: string,
): Promise<BuiltComponent> => {
  const { component, context, declaration } = created;
  try {
    if (isStateBacked(component)) return await buildStateBacked({ component, created, options, defsFolder });
    return { definitions: await component.buildDefs(context), metadata: {} };
  } catch (error) {
    // A template that is resolved while building already names its own line.
    if (error instanceof ProjectFileError) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    throw new ProjectFileError(declaration.position, `${describe(created, defsFolder)}: ${reason}`, error);
  }
};

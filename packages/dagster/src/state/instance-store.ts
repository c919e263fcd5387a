import { join } from "node:path";
import { parse } from "yaml";
import { openInstance } from "../instance/open-instance.ts";
import { asObject, isRecord, type Json, parseJson, readText } from "../wire/index.ts";
import { createFolderStore, type KeyValues } from "./folder-store.ts";
import { instanceFromHome } from "./instance-from-home.ts";
import type { OpenStateStore } from "./open-store.ts";
import { StateStoreError } from "./versioned-store.ts";

type Env = Readonly<Record<string, string | undefined>>;

const configOf = (data: Json | undefined): Readonly<Record<string, unknown>> => {
  if (!isRecord(data)) return {};
  const config: unknown = parse(readText(data.config_yaml) ?? "");
  return typeof config === "object" && config !== null ? (config as Record<string, unknown>) : {};
};

const resolveText = (value: unknown, env: Env): string | undefined => {
  if (typeof value === "string") return value;
  const name = typeof value === "object" && value !== null && "env" in value ? value.env : undefined;
  return typeof name === "string" ? env[name] : undefined;
};

/** What universal_pathlib takes for a folder of this machine. */
const FOLDER_SCHEMES: ReadonlySet<string> = new Set(["file", "local"]);

/** The instance's own storage for states, or Dagster's default: a folder of the instance. */
const basePath = (instanceRef: string, env: Env): string => {
  const ref = asObject(parseJson(instanceRef), "InstanceRef");
  const data = ref.defs_state_storage_data;
  if (!isRecord(data)) {
    const home = resolveText(configOf(ref.local_artifact_storage_data).base_dir, env);
    if (home === undefined)
      throw new StateStoreError("the Dagster instance does not say where states are stored");
    return join(home, "defs_state");
  }
  const className = readText(data.class_name) ?? "";
  if (className !== "UPathDefsStateStorage") {
    throw new StateStoreError(
      `defs_state_storage ${className} of ${readText(data.module_name) ?? "?"} is not supported; ` +
        "supported is UPathDefsStateStorage with a folder",
    );
  }
  const base = resolveText(configOf(data).base_path, env) ?? "";
  if (base === "") throw new StateStoreError("defs_state_storage UPathDefsStateStorage has no base_path");
  const [, scheme, path = base] = /^([a-z][a-z0-9+]*):(?:\/\/)?(.*)$/i.exec(base) ?? [];
  if (scheme !== undefined && !FOLDER_SCHEMES.has(scheme.toLowerCase())) {
    throw new StateStoreError(
      `defs_state_storage UPathDefsStateStorage at ${scheme}: is not supported; use a folder that all processes share`,
    );
  }
  return path;
};

/** Opens the store of an instance: the one given, or that of `DAGSTER_HOME`. */
export const openInstanceStore = async (given: string | undefined, env: Env): Promise<OpenStateStore> => {
  const instanceRef = given ?? instanceFromHome(env) ?? "";
  const base = basePath(instanceRef, env);
  const instance = await openInstance(instanceRef, env);
  const keyValues: KeyValues = instance.runs;
  return { ...createFolderStore(base, keyValues), close: () => instance.close() };
};

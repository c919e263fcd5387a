import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { parse, stringify } from "yaml";
import { StateStoreError } from "./versioned-store.ts";

type Config = Readonly<Record<string, unknown>>;

const isConfig = (value: unknown): value is Config =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const part = (moduleName: string, className: string, config: unknown) => ({
  __class__: "ConfigurableClassData",
  module_name: moduleName,
  class_name: className,
  config_yaml: stringify(config),
});

const readConfig = (file: string): Config => {
  if (!existsSync(file)) return {};
  const value: unknown = parse(readFileSync(file, "utf8"));
  return isConfig(value) ? value : {};
};

const customPart = (value: unknown) =>
  isConfig(value) ? part(String(value.module ?? ""), String(value.class ?? ""), value.config ?? {}) : null;

const storages = (home: string, file: string, config: Config) => {
  const storage = isConfig(config.storage) ? config.storage : {};
  if (isConfig(storage.postgres)) {
    return {
      run_storage_data: part("dagster_postgres", "PostgresRunStorage", storage.postgres),
      event_storage_data: part("dagster_postgres", "PostgresEventLogStorage", storage.postgres),
    };
  }
  const unknown = Object.keys(storage).find((name) => name !== "sqlite");
  if (unknown !== undefined) throw new StateStoreError(`${file}: storage.${unknown} is not supported here`);
  const sqlite = isConfig(storage.sqlite) ? storage.sqlite : {};
  const base = typeof sqlite.base_dir === "string" ? sqlite.base_dir : home;
  return {
    run_storage_data: part("dagster.core.storage.runs", "SqliteRunStorage", {
      base_dir: join(base, "history"),
    }),
    event_storage_data: part("dagster.core.storage.event_log", "SqliteEventLogStorage", {
      base_dir: join(base, "history/runs"),
    }),
  };
};

/**
 * What a host would say about the instance in `DAGSTER_HOME`, as far as states need it: the run storage, which holds
 * the pointers, and where versions lie. Undefined when the variable is not set.
 */
export const instanceFromHome = (env: Readonly<Record<string, string | undefined>>): string | undefined => {
  const given = env.DAGSTER_HOME;
  if (given === undefined || given === "") return undefined;
  const home = resolve(given);
  const file = join(home, "dagster.yaml");
  const config = readConfig(file);
  return JSON.stringify({
    __class__: "InstanceRef",
    ...storages(home, file, config),
    local_artifact_storage_data: part("dagster.core.storage.root", "LocalArtifactStorage", {
      base_dir: home,
    }),
    defs_state_storage_data: customPart(config.defs_state_storage),
    settings: {},
  });
};

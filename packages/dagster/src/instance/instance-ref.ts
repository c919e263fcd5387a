import { asObject, isRecord, type Json, parseJson, plainJson, readText } from "../wire/index.ts";
import { type ConfigReader, type Env, parseConfigYaml, readConfig } from "./config-values.ts";
import { StorageError } from "./errors.ts";

/** One configurable part of the host's instance: a Python class by name, and its config. */
export interface StorageRef {
  readonly moduleName: string;
  readonly className: string;
  readonly configYaml: string;
}

/** What the host says about its instance, in the message that asks for a run or a tick. */
export interface InstanceRef {
  readonly runStorage: StorageRef;
  readonly eventStorage: StorageRef;
  readonly computeLogs: StorageRef | undefined;
  readonly settings: Readonly<Record<string, unknown>>;
}

/** Reads a serialised `InstanceRef`, given as text or as the parsed object inside a larger message. */
export function parseInstanceRef(value: string | Json): InstanceRef {
  const ref = asObject(typeof value === "string" ? parseJson(value) : value, "InstanceRef");
  const runStorage = storageRef(ref.run_storage_data);
  const eventStorage = storageRef(ref.event_storage_data);
  if (runStorage === undefined || eventStorage === undefined) {
    throw new StorageError(
      "unknown_storage",
      "the instance does not say where its runs and events are stored; hosts with a custom instance class are not supported",
    );
  }
  return {
    runStorage,
    eventStorage,
    computeLogs: storageRef(ref.compute_logs_data),
    settings: isRecord(ref.settings) ? (plainJson(ref.settings) as Readonly<Record<string, unknown>>) : {},
  };
}

function storageRef(value: Json | undefined): StorageRef | undefined {
  if (value === null || value === undefined) return undefined;
  const data = asObject(value, "ConfigurableClassData");
  return {
    moduleName: readText(data.module_name) ?? "",
    className: readText(data.class_name) ?? "",
    configYaml: readText(data.config_yaml) ?? "",
  };
}

export async function storageConfig(ref: StorageRef, env: Env): Promise<ConfigReader> {
  return readConfig(await parseConfigYaml(ref.configYaml), `config of ${ref.className}`, env);
}

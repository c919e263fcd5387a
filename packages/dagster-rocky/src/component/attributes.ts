import type { DefsStateConfig, ManagementType, TemplateScope } from "@dagster-rocky/dagster";
import { RockyDagsterTranslator } from "../translator/translator.ts";
import { ATTRIBUTE_NAMES, type AttributeName } from "./attributes-schema.ts";
import { RockyComponentError } from "./component-error.ts";
import type { RockyCodeOptions, RockyComponentOptions, TenantOptions } from "./options.ts";
import { resolveTemplates } from "./templates.ts";
import { compileTranslation } from "./translation.ts";
import {
  boolean,
  integer,
  invalid,
  mapping,
  nullable,
  oneOf,
  type Read,
  refuseUnknownKeys,
  string,
  stringMap,
  strings,
} from "./values.ts";

/**
 * Validates the attributes and fills in defaults. Templates are resolved here, except those of
 * `translation`, which differ from table to table.
 */
export function compileAttributes(
  raw: unknown,
  scope: TemplateScope,
  code: RockyCodeOptions = {},
): RockyComponentOptions {
  const given = nullable(mapping)(raw, "attributes") ?? {};
  refuseUnknownKeys(given, ATTRIBUTE_NAMES, "");
  refuseCodeInYaml(given);
  const { translation: rawTranslation, ...plain } = given;
  const resolved = mapping(resolveTemplates(plain, scope), "attributes");

  const read = <T>(name: AttributeName, as: Read<T>, fallback: T): T => {
    const value = resolved[name];
    return value === undefined ? fallback : as(value, name);
  };
  const maybe = <T, K extends string>(
    key: K,
    name: AttributeName,
    as: Read<T>,
  ): { readonly [P in K]?: T } => {
    const value = nullable(as)(resolved[name], name);
    return value === undefined ? {} : ({ [key]: value } as { readonly [P in K]?: T });
  };
  const configPath = read("config_path", string, "rocky.toml");
  const options: RockyComponentOptions = {
    binaryPath: read("binary_path", string, "rocky"),
    configPath,
    ...maybe("statePath", "state_path", string),
    ...maybe("stateNamespace", "state_namespace", string),
    modelsDir: read("models_dir", string, "models"),
    ...maybe("contractsDir", "contracts_dir", string),
    translator: new RockyDagsterTranslator(),
    ...maybe("translatorClass", "translator_class", dottedName),
    ...(rawTranslation === undefined || rawTranslation === null
      ? {}
      : { translation: compileTranslation(rawTranslation, scope) }),
    defsState: defsState(resolved.defs_state, configPath),
    surfaceOptimizeMetadata: read("surface_optimize_metadata", boolean, true),
    surfaceDerivedModels: read("surface_derived_models", boolean, false),
    dagMode: read("dag_mode", boolean, false),
    enableSensor: read("enable_sensor", boolean, false),
    sensorGranularity: read("sensor_granularity", oneOf("per_source", "per_group"), "per_source"),
    sensorIntervalSeconds: read("sensor_interval_seconds", integer(1), 300),
    executionMode: read("execution_mode", oneOf("streaming", "pipes"), "streaming"),
    opTags: read("op_tags", stringMap, {}),
    strictDoctor: read("strict_doctor", boolean, false),
    strictDoctorChecks: read("strict_doctor_checks", strings, []),
    surfaceCompliance: read("surface_compliance", boolean, false),
    surfaceConfiguredChecks: read("surface_configured_checks", boolean, false),
    surfaceRetentionStatus: read("surface_retention_status", boolean, false),
    discoverOnMissingState: read("discover_on_missing_state", boolean, false),
    surfaceColumnLineage: read("surface_column_lineage", boolean, false),
    timeoutSeconds: read("timeout_seconds", integer(1), 3600),
    ...maybe("serverUrl", "server_url", string),
    strictBuild: read("strict_build", boolean, false),
    ...maybe("tenant", "tenant", tenant),
    satisfyEmptyOutputs: read("satisfy_empty_outputs", boolean, false),
    ...code,
  };
  refuseConflicts(options);
  return Object.freeze(options);
}

const CODE_ONLY: readonly (readonly [AttributeName, string])[] = [
  ["post_state_write_hook", "postStateWriteHook"],
  ["shadow_suffix_fn", "shadowSuffixFn"],
  ["governance_override_fn", "governanceOverrideFn"],
  ["idempotency_key_fn", "idempotencyKeyFn"],
];

/** YAML is data: a name in it must never become a function that is called. */
function refuseCodeInYaml(given: Readonly<Record<string, unknown>>): void {
  for (const [name, option] of CODE_ONLY) {
    if (given[name] === undefined || given[name] === null) continue;
    const branches =
      option === "shadowSuffixFn" ? " For branch deployments, shadowSuffixResolver() is ready to use." : "";
    throw invalid(
      name,
      `it is a function and cannot be set in YAML. Export RockyComponent.extend({ ${option}: … }) from a module ` +
        `of the project and name that export as the component's type.${branches}`,
    );
  }
}

const dottedName: Read<string> = (value, at) => {
  const name = string(value, at);
  if (/^[^.\s]+(\.[^.\s]+)+$/.test(name)) return name;
  throw invalid(at, `expected "module.Class", found "${name}"`);
};

const TENANT_KEYS = [
  "component",
  "partitions_name",
  "sync_partitions_from_discover",
  "scope_runs_to_selection",
];

const tenant: Read<TenantOptions> = (value, at) => {
  const map = mapping(value, at);
  refuseUnknownKeys(map, TENANT_KEYS, at);
  const required = (key: string): string => {
    if (map[key] === undefined) throw invalid(`${at}.${key}`, "it is required");
    return string(map[key], `${at}.${key}`);
  };
  const flag = (key: string, fallback: boolean): boolean =>
    map[key] === undefined ? fallback : boolean(map[key], `${at}.${key}`);
  return Object.freeze({
    component: required("component"),
    partitionsName: required("partitions_name"),
    syncPartitionsFromDiscover: flag("sync_partitions_from_discover", true),
    scopeRunsToSelection: flag("scope_runs_to_selection", false),
  });
};

const MANAGEMENT: Read<ManagementType> = oneOf(
  "LOCAL_FILESYSTEM",
  "VERSIONED_STATE_STORAGE",
  "LEGACY_CODE_SERVER_SNAPSHOTS",
);

function defsState(value: unknown, configPath: string): DefsStateConfig {
  const map = nullable(mapping)(value, "defs_state") ?? {};
  refuseUnknownKeys(map, ["key", "management_type", "refresh_if_dev"], "defs_state");
  return Object.freeze({
    key: nullable(string)(map.key, "defs_state.key") ?? `RockyComponent[${configPath}]`,
    managementType:
      map.management_type === undefined
        ? "LOCAL_FILESYSTEM"
        : MANAGEMENT(map.management_type, "defs_state.management_type"),
    refreshIfDev:
      map.refresh_if_dev === undefined ? true : boolean(map.refresh_if_dev, "defs_state.refresh_if_dev"),
  });
}

function refuseConflicts({ satisfyEmptyOutputs, executionMode, dagMode }: RockyComponentOptions): void {
  if (!satisfyEmptyOutputs) return;
  const other = executionMode === "pipes" ? "execution_mode: pipes" : dagMode ? "dag_mode: true" : undefined;
  if (other === undefined) return;
  throw new RockyComponentError(
    "ATTRIBUTE_CONFLICT",
    `satisfy_empty_outputs does not work together with ${other}: there the engine's results say nothing ` +
      "about tables without rows. Switch one of them off.",
    { attributePath: ["satisfy_empty_outputs"] },
  );
}

import type { ResourceDefinition } from "../definitions/definitions.ts";
import type { JsonValue } from "../definitions/metadata.ts";
import type { AssetNode, CompiledRepository } from "../planning/index.ts";
import { compareText, type WireObject, type WireValue, wire, wireEnum, writeWire } from "../wire/index.ts";
import { ANY_CONFIG_KEY, resourceSchema } from "./config-schema.ts";
import { configField } from "./config-types.ts";
import { assetKey } from "./keys.ts";

/** What the resources page lists, ordered by name. */
export function resourceSnapshots(repository: CompiledRepository): readonly WireObject[] {
  const { resources } = repository.definitions;
  const users = usersByResource(repository);
  return Object.keys(resources)
    .sort(compareText)
    .flatMap((name) => {
      const resource = resources[name];
      return resource === undefined ? [] : [resourceSnapshot(name, resource, users.get(name) ?? [])];
    });
}

/** Environment variables that displayed values come from, each with the resources that use it. */
export function environmentVariables(repository: CompiledRepository): Readonly<Record<string, WireValue>> {
  const found: Record<string, WireObject[]> = {};
  for (const [name, { display }] of Object.entries(repository.definitions.resources)) {
    for (const value of Object.values(display ?? {})) {
      const variable = environmentName(value);
      if (variable === undefined) continue;
      const users = found[variable] ?? [];
      users.push(wire("EnvVarConsumer", { type: wireEnum("EnvVarConsumerType", "RESOURCE"), name }));
      found[variable] = users;
    }
  }
  return found;
}

function usersByResource(repository: CompiledRepository): ReadonlyMap<string, readonly AssetNode[]> {
  const users = new Map<string, AssetNode[]>();
  for (const asset of repository.assetGraph.assets) {
    for (const name of asset.op?.definition.requiredResourceKeys ?? []) {
      const known = users.get(name);
      if (known === undefined) users.set(name, [asset]);
      else known.push(asset);
    }
  }
  return users;
}

function resourceSnapshot(
  name: string,
  resource: ResourceDefinition,
  users: readonly AssetNode[],
): WireObject {
  const entries = Object.entries(resource.display ?? {});
  const fields = entries.map(([key, value]) =>
    configField(key, { typeKey: ANY_CONFIG_KEY, fallback: value }),
  );
  const { key, schema } = resourceSchema(name, fields);
  return wire("ExternalResourceData", {
    name,
    resource_snapshot: wire("ResourceDefSnap", {
      name,
      description: resource.description ?? null,
      config_field_snap: configField("config", { typeKey: key, fallback: {} }),
    }),
    configured_values: Object.fromEntries(entries.map(([label, value]) => [label, configuredValue(value)])),
    config_field_snaps: fields,
    config_schema_snap: schema,
    nested_resources: {},
    parent_resources: {},
    is_top_level: true,
    asset_keys_using: users.map((asset) => assetKey(asset.key)),
    job_ops_using: [],
    dagster_maintained: false,
    schedules_using: [],
    sensors_using: [],
  });
}

function configuredValue(value: JsonValue): WireValue {
  const variable = environmentName(value);
  return variable === undefined ? writeWire(value) : wire("ExternalResourceConfigEnvVar", { name: variable });
}

/** `{ env: "NAME" }` says that the value is read from the environment. */
function environmentName(value: JsonValue): string | undefined {
  if (typeof value !== "object" || value === null || !("env" in value)) return undefined;
  return typeof value.env === "string" && Object.keys(value).length === 1 ? value.env : undefined;
}

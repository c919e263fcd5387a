import type { ScheduleDefinition, SensorDefinition } from "../definitions/instigators.ts";
import type { JsonValue } from "../definitions/metadata.ts";
import { defaultsOf, hasRequired } from "../definitions/resolve-config.ts";
import { nestedKeys, withNested } from "../definitions/resource-values.ts";
import type { ResourceDefinition, ResourceMap } from "../definitions/resources.ts";
import {
  type AssetNode,
  type CompiledRepository,
  type JobGraph,
  requiredResources,
} from "../planning/index.ts";
import { compareText, type WireObject, type WireValue, wire, wireEnum, writeWire } from "../wire/index.ts";
import { ANY_CONFIG_KEY, type ConfiguredNode, opConfigField, resourceSchema } from "./config-schema.ts";
import { configField } from "./config-types.ts";
import { assetKey } from "./keys.ts";

/** What the resources page lists, ordered by name. */
export function resourceSnapshots(repository: CompiledRepository): readonly WireObject[] {
  const { resources } = repository.definitions;
  const users = {
    parents: parentsByResource(resources),
    assets: usersByResource(repository),
    schedules: repository.schedules,
    sensors: repository.sensors,
  };
  return Object.keys(resources)
    .sort(compareText)
    .flatMap((name) => {
      const resource = resources[name];
      return resource === undefined ? [] : [resourceSnapshot(name, resource, resources, users)];
    });
}

/** Environment variables that displayed values come from, each with the resources that use it. */
export function environmentVariables(repository: CompiledRepository): Readonly<Record<string, WireValue>> {
  const found: Record<string, WireObject[]> = {};
  for (const [name, resource] of Object.entries(repository.definitions.resources)) {
    for (const [, value] of shownValues(resource)) {
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

interface ResourceUsers {
  readonly parents: ReadonlyMap<string, Parents>;
  readonly assets: ReadonlyMap<string, readonly AssetNode[]>;
  readonly schedules: readonly ScheduleDefinition[];
  readonly sensors: readonly SensorDefinition[];
}

function resourceSnapshot(
  name: string,
  resource: ResourceDefinition,
  all: ResourceMap,
  users: ResourceUsers,
): WireObject {
  const entries = shownValues(resource);
  const displayed = Object.entries(resource.display ?? {}).map(([key, value]) =>
    configField(key, { typeKey: ANY_CONFIG_KEY, fallback: value }),
  );
  const config = resource.config ?? {};
  const { key, fields, schema } = resourceSchema(name, displayed, config);
  const required = hasRequired(config);
  return wire("ExternalResourceData", {
    name,
    resource_snapshot: wire("ResourceDefSnap", {
      name,
      description: resource.description ?? null,
      config_field_snap: configField("config", {
        typeKey: key,
        required,
        fallback: required ? undefined : defaultsOf(config),
      }),
    }),
    configured_values: Object.fromEntries(entries.map(([label, value]) => [label, configuredValue(value)])),
    config_field_snaps: fields,
    config_schema_snap: schema,
    nested_resources: Object.fromEntries(
      Object.entries(nestedKeys(all, resource)).map(([label, key]) => [label, nestedResource(key)]),
    ),
    parent_resources: users.parents.get(name) ?? {},
    is_top_level: true,
    asset_keys_using: (users.assets.get(name) ?? []).map((asset) => assetKey(asset.key)),
    job_ops_using: [],
    dagster_maintained: false,
    schedules_using: namesOfUsers(users.schedules, name),
    sensors_using: namesOfUsers(users.sensors, name),
  });
}

const nestedResource = (name: string): WireObject =>
  wire("NestedResource", { type: wireEnum("NestedResourceType", "TOP_LEVEL"), name });

type Parents = Readonly<Record<string, string>>;

/** By resource those that are built on it, each with its own name for it. */
function parentsByResource(all: ResourceMap): ReadonlyMap<string, Parents> {
  const found = new Map<string, Parents>();
  for (const [parent, definition] of Object.entries(all)) {
    for (const [label, key] of Object.entries(nestedKeys(all, definition))) {
      found.set(key, { ...found.get(key), [parent]: label });
    }
  }
  return found;
}

const namesOfUsers = (
  users: readonly (ScheduleDefinition | SensorDefinition)[],
  resource: string,
): readonly string[] =>
  users.flatMap((user) => (user.requiredResourceKeys?.includes(resource) === true ? [user.name] : []));

/** What the page shows as given: the displayed values, and variables that config values come from. */
function shownValues({
  display = {},
  config = {},
}: ResourceDefinition): readonly (readonly [string, JsonValue])[] {
  const variables = Object.entries(defaultsOf(config)).filter(
    ([, value]) => environmentName(value) !== undefined,
  );
  return [...Object.entries(display), ...variables];
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

/** Every resource, as the launchpad of one job takes config for it. */
export function configuredResources(resources: ResourceMap, graph: JobGraph): readonly ConfiguredNode[] {
  const used = requiredResources(graph.nodes.map(({ op }) => op));
  const needed = new Set(withNested(resources, used));
  return Object.entries(resources)
    .map(([name, { config, description }]) => ({ name, config, description, isNeeded: needed.has(name) }))
    .sort((a, b) => compareText(a.name, b.name));
}

/** What a job's page lists. */
export const resourceDefinitions = (resources: ResourceMap): readonly WireObject[] =>
  Object.entries(resources)
    .sort(([a], [b]) => compareText(a, b))
    .map(([name, { config, description }]) =>
      wire("ResourceDefSnap", {
        name,
        description: description ?? null,
        config_field_snap: opConfigField(config),
      }),
    );

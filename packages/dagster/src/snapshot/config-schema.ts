import type { ConfigFields } from "../definitions/config.ts";
import { isConfigMapping, type JobConfig, plainConfig } from "../definitions/job-config.ts";
import type { JsonObject } from "../definitions/metadata.ts";
import { defaultsOf, hasRequired, withDefaults } from "../definitions/resolve-config.ts";
import { configIn } from "../planning/index.ts";
import { type WireObject, type WireText, wire, wireText, writeWire } from "../wire/index.ts";
import {
  addShape,
  addType,
  type ConfigTypes,
  configField,
  configType,
  type FieldParts,
  fieldsOf,
} from "./config-types.ts";

/** Keys are opaque to the host; these are fixed so that equal jobs have equal texts. */
const ANY = "Any";
const EMPTY = "Shape.permissive";
const OP = "Shape.op";
const OPS = "Shape.ops";
const RESOURCES = "Shape.resources";
export const ROOT_CONFIG_KEY = "Shape.root";

const optionalAny = (name: string): WireObject => configField(name, { typeKey: ANY });

const anyType = wireText(writeWire(configType(ANY, "ANY", {})));
const emptyType = wireText(writeWire(configType(EMPTY, "PERMISSIVE_SHAPE", { fields: [] })));
const opType = wireText(writeWire(configType(OP, "STRICT_SHAPE", { fields: [optionalAny("config")] })));
const anyConfigField = wireText(writeWire(optionalAny("config")));

/** An op of a job, or a resource of the code location, as far as its config goes. */
export interface ConfiguredNode {
  readonly name: string;
  /** Undefined: any JSON. */
  readonly config: ConfigFields | undefined;
  readonly description?: string | undefined;
  /** False where a run config may speak of it although no step of the job has to do with it. */
  readonly isNeeded: boolean;
}

/** The `config` of one op or resource, as its definition lists it. */
export const opConfigField = (
  config: ConfigFields | undefined,
  types: ConfigTypes = new Map(),
): WireObject | WireText => (config === undefined ? anyConfigField : typedConfigField(types, config));

function typedConfigField(types: ConfigTypes, config: ConfigFields): WireObject {
  const required = hasRequired(config);
  return configField("config", {
    typeKey: addType(types, { kind: "shape", fields: config, open: false }),
    required,
    fallback: required ? undefined : defaultsOf(config),
  });
}

export interface ConfigSchemaInput {
  readonly nodes: readonly ConfiguredNode[];
  readonly resources: readonly ConfiguredNode[];
  readonly jobConfig: JobConfig | undefined;
  /** A run may not speak of resources that no step asks for. */
  readonly takesNeededOnly?: boolean;
}

/**
 * The tree that lets the host show and check a launchpad: one entry per op, in it the op's config, and the same for
 * resources. A job with a config mapping has the mapping's fields in place of all that.
 */
export function configSchema(input: ConfigSchemaInput): WireObject {
  const { nodes, resources, jobConfig, takesNeededOnly = false } = input;
  const types: ConfigTypes = new Map();
  // The host looks up the types of every op and resource of the job, whether a run may configure them or not.
  for (const config of new Set([...nodes, ...resources].map((node) => node.config)))
    opConfigField(config, types);
  if (isConfigMapping(jobConfig)) {
    const fields = fieldsOf(types, jobConfig.fields);
    types.set(ROOT_CONFIG_KEY, configType(ROOT_CONFIG_KEY, "STRICT_SHAPE", { fields }));
    return schemaSnapshot(types);
  }
  const given = plainConfig(jobConfig);
  const ops = nodes.map((node) => configEntry(types, node, configIn(given, "ops", node.name)));
  const taken = takesNeededOnly ? resources.filter(({ isNeeded }) => isNeeded) : resources;
  const shared = taken.map((one) => configEntry(types, one, configIn(given, "resources", one.name)));
  const root = configType(ROOT_CONFIG_KEY, "STRICT_SHAPE", {
    fields: [
      configField("execution", { typeKey: EMPTY, fallback: {} }),
      configField("loggers", { typeKey: EMPTY, fallback: {} }),
      configField("ops", {
        typeKey: OPS,
        ...(ops.some(({ required }) => required) ? { required: true } : { fallback: {} }),
      }),
      configField("resources", { typeKey: RESOURCES, ...entriesDefault(shared) }),
    ],
  });
  types.set(EMPTY, emptyType);
  types.set(OP, opType);
  types.set(OPS, configType(OPS, "STRICT_SHAPE", { fields: ops.map(({ field }) => field) }));
  types.set(RESOURCES, configType(RESOURCES, "STRICT_SHAPE", { fields: shared.map(({ field }) => field) }));
  types.set(ROOT_CONFIG_KEY, root);
  return schemaSnapshot(types);
}

const schemaSnapshot = (types: ConfigTypes): WireObject =>
  wire("ConfigSchemaSnapshot", { all_config_snaps_by_key: { ...Object.fromEntries(types), [ANY]: anyType } });

interface Entry {
  readonly name: string;
  readonly field: WireObject;
  readonly required: boolean;
  readonly fallback: JsonObject | undefined;
}

const entry = (
  name: string,
  parts: Omit<FieldParts, "fallback"> & { readonly fallback?: JsonObject },
): Entry => ({
  name,
  field: configField(name, parts),
  required: parts.required ?? false,
  fallback: parts.fallback,
});

const entriesDefault = (entries: readonly Entry[]): Pick<FieldParts, "required" | "fallback"> =>
  entries.some(({ required }) => required)
    ? { required: true }
    : {
        fallback: Object.fromEntries(
          entries.flatMap(({ name, fallback }) => (fallback === undefined ? [] : [[name, fallback]])),
        ),
      };

function configEntry(types: ConfigTypes, node: ConfiguredNode, given: JsonObject | undefined): Entry {
  const { name, config, description, isNeeded } = node;
  if (config === undefined) {
    const fallback = given === undefined ? {} : { config: given };
    return entry(name, { typeKey: OP, description, ...(isNeeded ? { fallback } : {}) });
  }
  const fields = given === undefined ? config : withDefaults(config, given);
  const required = hasRequired(fields);
  return entry(name, {
    typeKey: addShape(types, "STRICT_SHAPE", [typedConfigField(types, fields)]),
    description,
    required: required && isNeeded,
    ...(required || !isNeeded ? {} : { fallback: { config: defaultsOf(fields) } }),
  });
}

/** The schema of one resource on the resources page: what it displays, and what a run may configure. */
export function resourceSchema(
  name: string,
  displayed: readonly WireObject[],
  config: ConfigFields,
): { readonly key: string; readonly fields: readonly WireObject[]; readonly schema: WireObject } {
  const types: ConfigTypes = new Map();
  const key = `Shape.resource.${name}`;
  const fields = [...displayed, ...fieldsOf(types, config)];
  types.set(key, configType(key, "STRICT_SHAPE", { fields }));
  return { key, fields, schema: schemaSnapshot(types) };
}

export const ANY_CONFIG_KEY = ANY;

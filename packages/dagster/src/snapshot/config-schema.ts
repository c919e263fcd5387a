import type { ConfigFields } from "../definitions/config.ts";
import type { JsonObject } from "../definitions/metadata.ts";
import { defaultsOf, hasRequired, withDefaults } from "../definitions/resolve-config.ts";
import { jobOpConfig } from "../planning/index.ts";
import { type WireObject, type WireText, wire, wireText, writeWire } from "../wire/index.ts";
import { addShape, addType, type ConfigTypes, configField, configType } from "./config-types.ts";

/** Keys are opaque to the host; these are fixed so that equal jobs have equal texts. */
const ANY = "Any";
const EMPTY = "Shape.permissive";
const OP = "Shape.op";
const OPS = "Shape.ops";
export const ROOT_CONFIG_KEY = "Shape.root";

const optionalAny = (name: string): WireObject => configField(name, { typeKey: ANY });

const anyType = wireText(writeWire(configType(ANY, "ANY", {})));
const emptyType = wireText(writeWire(configType(EMPTY, "PERMISSIVE_SHAPE", { fields: [] })));
const opType = wireText(writeWire(configType(OP, "STRICT_SHAPE", { fields: [optionalAny("config")] })));
const anyConfigField = wireText(writeWire(optionalAny("config")));

/** An op of a job, as far as its config goes. */
export interface ConfiguredNode {
  readonly name: string;
  /** Undefined: any JSON. */
  readonly config: ConfigFields | undefined;
}

/** The `config` of one op, as its definition lists it. */
export const opConfigField = (config: ConfigFields | undefined): WireObject | WireText =>
  config === undefined ? anyConfigField : typedConfigField(new Map(), config);

function typedConfigField(types: ConfigTypes, config: ConfigFields): WireObject {
  const required = hasRequired(config);
  return configField("config", {
    typeKey: addType(types, { kind: "shape", fields: config, open: false }),
    required,
    fallback: required ? undefined : defaultsOf(config),
  });
}

/** The tree that lets the host show and check a launchpad: one entry per op, in it the op's config. */
export function configSchema(
  nodes: readonly ConfiguredNode[],
  jobConfig: JsonObject | undefined,
): WireObject {
  const types: ConfigTypes = new Map();
  const entries = nodes.map((node) => nodeField(types, node, jobOpConfig(jobConfig, node.name)));
  const root = configType(ROOT_CONFIG_KEY, "STRICT_SHAPE", {
    fields: [
      configField("execution", { typeKey: EMPTY, fallback: {} }),
      configField("loggers", { typeKey: EMPTY, fallback: {} }),
      configField("ops", {
        typeKey: OPS,
        ...(entries.some((entry) => entry.required) ? { required: true } : { fallback: {} }),
      }),
      configField("resources", { typeKey: EMPTY, fallback: {} }),
    ],
  });
  const ops = configType(OPS, "STRICT_SHAPE", { fields: entries.map((entry) => entry.field) });
  return wire("ConfigSchemaSnapshot", {
    all_config_snaps_by_key: {
      ...Object.fromEntries(types),
      [ANY]: anyType,
      [EMPTY]: emptyType,
      [OP]: opType,
      [OPS]: ops,
      [ROOT_CONFIG_KEY]: root,
    },
  });
}

interface NodeField {
  readonly field: WireObject;
  readonly required: boolean;
}

function nodeField(
  types: ConfigTypes,
  { name, config }: ConfiguredNode,
  given: JsonObject | undefined,
): NodeField {
  if (config === undefined) {
    const fallback = given === undefined ? {} : { config: given };
    return { field: configField(name, { typeKey: OP, fallback }), required: false };
  }
  const fields = given === undefined ? config : withDefaults(config, given);
  const required = hasRequired(fields);
  const typeKey = addShape(types, "STRICT_SHAPE", [typedConfigField(types, fields)]);
  const fallback = required ? undefined : { config: defaultsOf(fields) };
  return { field: configField(name, { typeKey, required, fallback }), required };
}

/** The schema of one resource on the resources page: a strict shape over what it displays. */
export function resourceSchema(
  name: string,
  fields: readonly WireObject[],
): { readonly key: string; readonly schema: WireObject } {
  const key = `Shape.resource.${name}`;
  const all = { [ANY]: anyType, [key]: configType(key, "STRICT_SHAPE", { fields }) };
  return { key, schema: wire("ConfigSchemaSnapshot", { all_config_snaps_by_key: all }) };
}

export const ANY_CONFIG_KEY = ANY;

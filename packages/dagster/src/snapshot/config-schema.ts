import { type WireObject, type WireText, wire, wireEnum, wireText, writeWire } from "../wire/index.ts";

/** Keys are opaque to the host; these are fixed so that equal jobs have equal texts. */
const ANY = "Any";
const EMPTY = "Shape.permissive";
const OP = "Shape.op";
const OPS = "Shape.ops";
export const ROOT_CONFIG_KEY = "Shape.root";

type Kind = "ANY" | "STRICT_SHAPE" | "PERMISSIVE_SHAPE";

function configType(key: string, kind: Kind, fields: readonly (WireObject | WireText)[] | null): WireObject {
  return wire("ConfigTypeSnap", {
    kind: wireEnum("ConfigTypeKind", kind),
    key,
    given_name: kind === "ANY" ? key : null,
    description: null,
    type_param_keys: null,
    enum_values: null,
    fields,
    scalar_kind: null,
  });
}

export function optionalField(name: string, typeKey: string, defaultJson: string | null): WireObject {
  return wire("ConfigFieldSnap", {
    name,
    type_key: typeKey,
    is_required: false,
    default_provided: defaultJson !== null,
    default_value_as_json_str: defaultJson,
    description: null,
  });
}

const anyType = wireText(writeWire(configType(ANY, "ANY", null)));
const emptyType = wireText(writeWire(configType(EMPTY, "PERMISSIVE_SHAPE", [])));
const opType = wireText(writeWire(configType(OP, "STRICT_SHAPE", [optionalField("config", ANY, null)])));

/** The `config` of one op, as its definition lists it. */
export const opConfigField = wireText(writeWire(optionalField("config", ANY, null)));

/** The smallest tree that lets the host validate a launchpad: one optional entry per op, any config in it. */
export function configSchema(nodeNames: readonly string[]): WireObject {
  const root = configType(ROOT_CONFIG_KEY, "STRICT_SHAPE", [
    optionalField("execution", EMPTY, "{}"),
    optionalField("loggers", EMPTY, "{}"),
    optionalField("ops", OPS, "{}"),
    optionalField("resources", EMPTY, "{}"),
  ]);
  const ops = configType(
    OPS,
    "STRICT_SHAPE",
    nodeNames.map((name) => optionalField(name, OP, "{}")),
  );
  return wire("ConfigSchemaSnapshot", {
    all_config_snaps_by_key: {
      [ANY]: anyType,
      [EMPTY]: emptyType,
      [OP]: opType,
      [OPS]: ops,
      [ROOT_CONFIG_KEY]: root,
    },
  });
}

/** The schema of one resource on the resources page: a strict shape over what it displays. */
export function resourceSchema(
  name: string,
  fields: readonly WireObject[],
): { readonly key: string; readonly schema: WireObject } {
  const key = `Shape.resource.${name}`;
  const all = { [ANY]: anyType, [key]: configType(key, "STRICT_SHAPE", fields) };
  return { key, schema: wire("ConfigSchemaSnapshot", { all_config_snaps_by_key: all }) };
}

export const ANY_CONFIG_KEY = ANY;

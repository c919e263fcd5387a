import type { ConfigField, ConfigFields, ConfigNode, ConfigScalar } from "../definitions/config.ts";
import type { JsonValue } from "../definitions/metadata.ts";
import { fieldDefault, isRequired } from "../definitions/resolve-config.ts";
import {
  compareText,
  snapshotId,
  type WireEnums,
  type WireObject,
  type WireValue,
  wire,
  wireEnum,
  writeWire,
} from "../wire/index.ts";

type Kind = WireEnums["ConfigTypeKind"];

const SCALAR_KINDS = { Int: "INT", Float: "FLOAT", String: "STRING", Bool: "BOOL" } as const;

/** Types by key, as the host looks them up. */
export type ConfigTypes = Map<string, WireValue>;

interface TypeParts {
  readonly params?: readonly string[];
  readonly fields?: readonly WireValue[];
  readonly values?: readonly string[];
  readonly scalar?: ConfigScalar;
}

export function configType(key: string, kind: Kind, parts: TypeParts): WireObject {
  const { params, fields, values, scalar } = parts;
  return wire("ConfigTypeSnap", {
    kind: wireEnum("ConfigTypeKind", kind),
    key,
    given_name: kind === "ANY" || kind === "SCALAR" || kind === "ENUM" ? key : null,
    description: scalar === undefined ? null : "",
    type_param_keys: params ?? null,
    enum_values: values?.map((value) => wire("ConfigEnumValueSnap", { value, description: null })) ?? null,
    fields: fields ?? null,
    scalar_kind: scalar === undefined ? null : wireEnum("ConfigScalarKind", SCALAR_KINDS[scalar]),
  });
}

export interface FieldParts {
  readonly typeKey: string;
  readonly required?: boolean;
  /** What stands for the field when it is left out. */
  readonly fallback?: JsonValue | undefined;
  readonly description?: string | undefined;
}

export function configField(
  name: string,
  { typeKey, required, fallback, description }: FieldParts,
): WireObject {
  return wire("ConfigFieldSnap", {
    name,
    type_key: typeKey,
    is_required: required ?? false,
    default_provided: fallback !== undefined,
    default_value_as_json_str: fallback === undefined ? null : writeWire(fallback),
    description: description ?? null,
  });
}

/** Adds the type and everything that it is made of; gives its key. */
export function addType(types: ConfigTypes, node: ConfigNode): string {
  switch (node.kind) {
    case "any":
      return add(types, "Any", "ANY", {});
    case "scalar":
      return node.env === true
        ? addSource(types, node.scalar)
        : add(types, node.scalar, "SCALAR", { scalar: node.scalar });
    case "enum":
      return add(types, `Enum.${digest(node.values)}`, "ENUM", { values: node.values });
    case "array": {
      const of = addType(types, node.of);
      return add(types, `Array.${of}`, "ARRAY", { params: [of] });
    }
    case "map": {
      const of = addType(types, node.of);
      const key = addType(types, { kind: "scalar", scalar: "String" });
      return add(types, `Map.${key}.${of}`, "MAP", { params: [key, of] });
    }
    case "nullable": {
      const of = addType(types, node.of);
      return add(types, `Noneable.${of}`, "NONEABLE", { params: [of] });
    }
    case "shape":
      return addShape(types, node.open ? "PERMISSIVE_SHAPE" : "STRICT_SHAPE", fieldsOf(types, node.fields));
    case "selector":
      return addShape(types, "SELECTOR", fieldsOf(types, node.fields));
    default:
      return node satisfies never;
  }
}

/** A value, or the name of the environment variable that holds it. */
function addSource(types: ConfigTypes, scalar: ConfigScalar): string {
  const value = addType(types, { kind: "scalar", scalar });
  const name = addType(types, { kind: "scalar", scalar: "String" });
  const variable = addShape(types, "SELECTOR", [configField("env", { typeKey: name, required: true })]);
  return add(types, `${scalar}SourceType`, "SCALAR_UNION", { params: [value, variable] });
}

export function addShape(types: ConfigTypes, kind: Kind, fields: readonly WireObject[]): string {
  const name = kind === "SELECTOR" ? "Selector" : kind === "STRICT_SHAPE" ? "Shape" : "Permissive";
  return add(types, `${name}.${digest(fields)}`, kind, { fields });
}

export const fieldsOf = (types: ConfigTypes, fields: ConfigFields): readonly WireObject[] =>
  Object.keys(fields)
    .sort(compareText)
    .flatMap((name) => {
      const field = fields[name];
      return field === undefined ? [] : [fieldOf(types, name, field)];
    });

const fieldOf = (types: ConfigTypes, name: string, field: ConfigField): WireObject =>
  configField(name, {
    typeKey: addType(types, field.node),
    required: isRequired(field),
    fallback: fieldDefault(field),
    description: field.description,
  });

function add(types: ConfigTypes, key: string, kind: Kind, parts: TypeParts): string {
  if (!types.has(key)) types.set(key, configType(key, kind, parts));
  return key;
}

/** Equal types have equal keys, and a job's snapshot stays the same as long as its config does. */
const digest = (value: WireValue): string => snapshotId(writeWire(value));

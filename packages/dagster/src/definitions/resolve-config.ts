import { didYouMean } from "../text-distance.ts";
import type { ConfigField, ConfigFields, ConfigNode, ConfigScalar } from "./config.ts";
import { DefinitionsError } from "./errors.ts";
import type { JsonObject, JsonValue } from "./metadata.ts";

const isObject = (value: JsonValue | undefined): value is JsonObject =>
  typeof value === "object" && value !== null && !Array.isArray(value);
const isList = (value: JsonValue): value is readonly JsonValue[] => Array.isArray(value);

/**
 * What stands for a field that a run leaves out; undefined when a run must give it, or when nothing does.
 * An object whose fields all may be left out stands for itself.
 */
export function fieldDefault({ node, default: own, required }: ConfigField): JsonValue | undefined {
  if (own !== undefined || !required) return own;
  return node.kind === "shape" && !hasRequired(node.fields) ? defaultsOf(node.fields) : undefined;
}

export const isRequired = (field: ConfigField): boolean =>
  field.required && fieldDefault(field) === undefined;

export const hasRequired = (fields: ConfigFields): boolean => Object.values(fields).some(isRequired);

export const defaultsOf = (fields: ConfigFields): JsonObject =>
  Object.fromEntries(
    Object.entries(fields).flatMap(([name, field]) => {
      const value = fieldDefault(field);
      return value === undefined ? [] : [[name, value] as const];
    }),
  );

/** The same fields with other defaults: values that a job gives its ops. */
export function withDefaults(fields: ConfigFields, values: JsonObject): ConfigFields {
  const changed = Object.entries(fields).map(([name, field]): [string, ConfigField] => {
    const value = values[name];
    if (value === undefined) return [name, field];
    const { node, default: own, ...rest } = field;
    if (node.kind !== "shape" || !isObject(value)) return [name, { ...rest, node, default: value }];
    const inner = { ...node, fields: withDefaults(node.fields, { ...(isObject(own) ? own : {}), ...value }) };
    return [name, { ...rest, node: inner }];
  });
  return Object.fromEntries(changed);
}

type Env = Readonly<Record<string, string | undefined>>;

/** How far a config is resolved: `{ env: "NAME" }` becomes a value only where an environment is given. */
interface Place {
  readonly env: Env | undefined;
  /** Only what is given is checked: the rest comes from somewhere else. */
  readonly isPartial?: boolean;
  readonly path: string;
}

const below = (at: Place, step: string): Place => ({ ...at, path: `${at.path}${step}` });

/**
 * The config as user code sees it: checked, with defaults. `path` names the place in errors. Without `env`, what
 * comes from the environment is left as it is.
 */
export function resolveConfig(fields: ConfigFields, given: JsonValue, path: string, env?: Env): JsonObject {
  return resolveShape(fields, false, given, { env, path });
}

/** Refuses values that do not fit; fields may be missing. */
export function checkConfig(fields: ConfigFields, given: JsonObject, path: string): void {
  resolveShape(fields, false, given, { env: undefined, path, isPartial: true });
}

function fail(path: string, problem: string): never {
  throw new DefinitionsError(`run config${path === "" ? "" : ` \`${path}\``}: ${problem}`);
}

/** The value, when it is an object. `path` names its place, and is empty for the run config itself. */
export const expectObject = (given: JsonValue, path: string): JsonObject =>
  isObject(given) ? given : fail(path, `expected an object, got ${show(given)}`);

function resolveNode(node: ConfigNode, given: JsonValue, at: Place): JsonValue {
  const { path } = at;
  switch (node.kind) {
    case "any":
      return given;
    case "scalar":
      if (node.env === true && isObject(given)) return resolveVariable(node.scalar, given, at);
      return isScalar(node.scalar, given) ? given : fail(path, `expected ${node.scalar}, got ${show(given)}`);
    case "enum":
      if (typeof given === "string" && node.values.includes(given)) return given;
      return fail(path, `expected one of ${node.values.join(", ")}, got ${show(given)}`);
    case "array":
      if (!isList(given)) return fail(path, `expected a list, got ${show(given)}`);
      return given.map((item, index) => resolveNode(node.of, item, below(at, `[${index}]`)));
    case "map":
      return Object.fromEntries(
        Object.entries(expectObject(given, path)).map(([key, item]) => [
          key,
          resolveNode(node.of, item, below(at, `.${key}`)),
        ]),
      );
    case "nullable":
      return given === null ? null : resolveNode(node.of, given, at);
    case "shape":
      return resolveShape(node.fields, node.open, given, at);
    case "selector":
      return resolveChoice(node.fields, given, at);
    default:
      return node satisfies never;
  }
}

/** The messages name the variable and never its value, which may be a secret. */
function resolveVariable(scalar: ConfigScalar, given: JsonObject, { env, path }: Place): JsonValue {
  const name = given.env;
  if (typeof name !== "string" || Object.keys(given).length !== 1) {
    return fail(path, `expected ${scalar} or { env: "NAME" }, got ${show(given)}`);
  }
  if (env === undefined) return given;
  const text = env[name];
  if (text === undefined) return fail(path, `the environment variable ${name} is not set`);
  const value = scalarFrom(scalar, text);
  return value ?? fail(path, `the environment variable ${name} holds no ${scalar}`);
}

function scalarFrom(scalar: ConfigScalar, text: string): JsonValue | undefined {
  if (scalar === "String") return text;
  if (scalar === "Bool") {
    const lower = text.trim().toLowerCase();
    if (["true", "1"].includes(lower)) return true;
    return ["false", "0", ""].includes(lower) ? false : undefined;
  }
  const number = text.trim() === "" ? Number.NaN : Number(text);
  return Number.isFinite(number) && isScalar(scalar, number) ? number : undefined;
}

function isScalar(scalar: ConfigScalar, given: JsonValue): boolean {
  switch (scalar) {
    case "Int":
      return Number.isInteger(given);
    case "Float":
      return typeof given === "number";
    case "String":
      return typeof given === "string";
    case "Bool":
      return typeof given === "boolean";
    default:
      return scalar satisfies never;
  }
}

function resolveShape(fields: ConfigFields, open: boolean, value: JsonValue, at: Place): JsonObject {
  const given = expectObject(value, at.path);
  if (!open) refuseUnknown(Object.keys(fields), given, at.path);
  const resolved: Record<string, JsonValue> = { ...given };
  for (const [name, field] of Object.entries(fields)) {
    const own = given[name] ?? (name in given ? null : fieldDefault(field));
    if (own !== undefined) resolved[name] = resolveNode(field.node, own, below(at, `.${name}`));
    else if (field.required && at.isPartial !== true) fail(at.path, `\`${name}\` is missing`);
  }
  return resolved;
}

function resolveChoice(fields: ConfigFields, given: JsonValue, at: Place): JsonObject {
  const names = Object.keys(fields);
  if (!isObject(given)) return fail(at.path, `expected one of ${names.join(", ")}, got ${show(given)}`);
  refuseUnknown(names, given, at.path);
  const [name, ...more] = Object.keys(given);
  const field = name === undefined ? undefined : fields[name];
  if (name === undefined || field === undefined || more.length > 0) {
    return fail(at.path, `expected exactly one of ${names.join(", ")}`);
  }
  return { [name]: resolveNode(field.node, given[name] ?? null, below(at, `.${name}`)) };
}

/** Refuses what is not among the known names. */
export function refuseUnknown(names: Iterable<string>, given: JsonObject, path: string): void {
  const known = new Set(names);
  const unknown = Object.keys(given).find((name) => !known.has(name));
  if (unknown === undefined) return;
  fail(path, `there is no \`${unknown}\`${didYouMean(unknown, known)}`);
}

function show(value: JsonValue): string {
  const text = JSON.stringify(value);
  return text.length > 60 ? `${text.slice(0, 57)}...` : text;
}

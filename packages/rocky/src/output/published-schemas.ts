import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

// For tests: the schemas that the original publishes lie beside the repository on machines that have them.
const FOLDER = fileURLToPath(new URL("../../../../../shared/golden/rocky-schemas/", import.meta.url));
const SUFFIX = ".schema.json";

type Json = Readonly<Record<string, unknown>>;

const isRecord = (value: unknown): value is Json =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const records = (value: unknown): readonly Json[] => (Array.isArray(value) ? value.filter(isRecord) : []);

const strings = (value: unknown): readonly string[] =>
  (Array.isArray(value) ? value : [value]).filter((entry) => typeof entry === "string");

const typeOf = (value: unknown): string => {
  if (value === null) return "null";
  if (Array.isArray(value)) return "array";
  return Number.isInteger(value) ? "integer" : typeof value;
};

const fitsType = (wanted: readonly string[], value: unknown): boolean => {
  const type = typeOf(value);
  return wanted.length === 0 || wanted.includes(type) || (type === "integer" && wanted.includes("number"));
};

const inside = (root: Json, schema: Json, value: Json, path: string): readonly string[] => {
  const properties = isRecord(schema.properties) ? schema.properties : {};
  const missing = strings(schema.required)
    .filter((name) => value[name] === undefined)
    .map((name) => `${path}.${name} is missing`);
  const found = Object.entries(value).flatMap(([name, entry]) => {
    const known = properties[name] ?? schema.additionalProperties;
    return isRecord(known) ? problems(root, known, entry, `${path}.${name}`) : [];
  });
  return [...missing, ...found];
};

const combined = (root: Json, schema: Json, value: unknown, path: string): readonly string[] => {
  const all = records(schema.allOf).flatMap((member) => problems(root, member, value, path));
  const choices = records(schema.anyOf ?? schema.oneOf).map((member) => problems(root, member, value, path));
  // The alternative that fits best says best what is wrong.
  const [best = []] = choices.toSorted((left, right) => left.length - right.length);
  return [...all, ...best];
};

const problems = (root: Json, schema: Json, value: unknown, path: string): readonly string[] => {
  if (typeof schema.$ref === "string") {
    const definitions = isRecord(root.definitions) ? root.definitions : {};
    const target = definitions[schema.$ref.split("/").at(-1) ?? ""];
    return isRecord(target) ? problems(root, target, value, path) : [`${path}: ${schema.$ref} leads nowhere`];
  }
  if (!fitsType(strings(schema.type), value))
    return [`${path} is ${typeOf(value)}, not ${strings(schema.type).join(" or ")}`];
  if (Array.isArray(schema.enum) && !schema.enum.includes(value)) return [`${path} is ${String(value)}`];
  if (typeof schema.minimum === "number" && typeof value === "number" && value < schema.minimum)
    return [`${path} is ${value}, less than ${schema.minimum}`];
  const nested = Array.isArray(value)
    ? value.flatMap((entry, index) =>
        isRecord(schema.items) ? problems(root, schema.items, entry, `${path}[${index}]`) : [],
      )
    : isRecord(value)
      ? inside(root, schema, value, path)
      : [];
  return [...combined(root, schema, value, path), ...nested];
};

/** Names of the published schemas; empty where they are not at hand. */
export const publishedSchemas = (): readonly string[] =>
  existsSync(FOLDER)
    ? readdirSync(FOLDER)
        .filter((name) => name.endsWith(SUFFIX))
        .map((name) => name.slice(0, -SUFFIX.length))
        .toSorted()
    : [];

/** A published schema; undefined where the schemas are not at hand. */
export const publishedSchema = (name: string): Json | undefined => {
  const file = join(FOLDER, `${name}${SUFFIX}`);
  if (!existsSync(file)) return undefined;
  const root: unknown = JSON.parse(readFileSync(file, "utf8"));
  if (!isRecord(root)) throw new Error(`${file} is no schema`);
  return root;
};

/** What of a value does not fit a published schema; nothing where the schemas are not at hand. */
export const publishedProblems = (name: string, value: unknown): readonly string[] => {
  const root = publishedSchema(name);
  return root === undefined ? [] : problems(root, root, value, "$");
};

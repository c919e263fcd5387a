import type { JsonSchema } from "./schema.ts";

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const list = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

const hasType = (type: unknown, value: unknown): boolean => {
  switch (type) {
    case "string":
      return typeof value === "string";
    case "boolean":
      return typeof value === "boolean";
    case "integer":
      return typeof value === "bigint" || Number.isInteger(value);
    case "number":
      return typeof value === "number" || typeof value === "bigint";
    case "null":
      return value === null;
    case "array":
      return Array.isArray(value);
    case "object":
      return isRecord(value);
    default:
      return true;
  }
};

const inObject = (
  schema: JsonSchema,
  value: Readonly<Record<string, unknown>>,
  path: string,
): readonly string[] => {
  const problems = list(schema.required)
    .filter((name) => value[String(name)] === undefined)
    .map((name) => `${path}.${String(name)} is missing`);
  const properties = isRecord(schema.properties) ? schema.properties : {};
  for (const [name, entry] of Object.entries(value)) {
    const known = Object.hasOwn(properties, name) ? properties[name] : schema.additionalProperties;
    if (entry !== undefined && isRecord(known))
      problems.push(...schemaProblems(known, entry, `${path}.${name}`));
  }
  return problems;
};

const inArray = (schema: JsonSchema, value: readonly unknown[], path: string): readonly string[] => {
  const items = schema.items;
  return value.flatMap((entry, index) => {
    const item = Array.isArray(items) ? items[index] : items;
    return isRecord(item) ? schemaProblems(item, entry, `${path}[${index}]`) : [];
  });
};

/** Where a value breaks a shape made by `schema.ts`; empty when it does not. */
export const schemaProblems = (schema: JsonSchema, value: unknown, path = "$"): readonly string[] => {
  const members = schema.anyOf;
  if (Array.isArray(members)) {
    const tried = members.map((member) => (isRecord(member) ? schemaProblems(member, value, path) : []));
    return tried.some((problems) => problems.length === 0)
      ? []
      : (tried.sort((a, b) => a.length - b.length)[0] ?? []);
  }
  const choices = schema.enum;
  if (Array.isArray(choices) && !choices.includes(value)) return [`${path} is ${JSON.stringify(value)}`];
  if (!hasType(schema.type, value)) return [`${path} is no ${String(schema.type)}`];
  if (isRecord(value)) return inObject(schema, value, path);
  return Array.isArray(value) ? inArray(schema, value, path) : [];
};

import { didYouMean } from "../text-distance.ts";
import { ProjectFileError } from "./project-file-error.ts";
import type { YamlDocument, YamlPath } from "./yaml-file.ts";

/** The part of JSON Schema that attribute schemas use. */
interface Schema {
  readonly type?: string | readonly string[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly additionalProperties?: boolean | Schema;
  readonly required?: readonly string[];
  readonly items?: Schema;
  readonly enum?: readonly unknown[];
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly $ref?: string;
  readonly $defs?: Readonly<Record<string, Schema>>;
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const typeOf = (value: unknown): string => {
  if (value === null) return "null";
  if (Array.isArray(value)) return "array";
  if (typeof value === "number" || typeof value === "bigint") {
    return Number.isInteger(Number(value)) ? "integer" : "number";
  }
  return typeof value;
};

/** A template is checked by the component after it was resolved. */
const isTemplate = (value: unknown): boolean => typeof value === "string" && value.includes("{{");

const accepts = (wanted: string, found: string): boolean =>
  wanted === found || (wanted === "number" && found === "integer");

interface Check {
  readonly document: YamlDocument;
  readonly root: Schema;
  readonly at: YamlPath;
}

const nameOf = (path: YamlPath): string => path.slice(1).join(".") || String(path[0]);

const resolveRef = (schema: Schema, root: Schema): Schema => {
  const name = schema.$ref?.split("/").at(-1);
  return name === undefined ? schema : (root.$defs?.[name] ?? {});
};

const checkType = (schema: Schema, value: unknown, check: Check): void => {
  const wanted = schema.type === undefined ? [] : [schema.type].flat();
  const found = typeOf(value);
  if (wanted.length > 0 && !wanted.some((type) => accepts(type, found))) {
    throw new ProjectFileError(
      check.document.at(check.at),
      `${nameOf(check.at)} must be ${wanted.join(" or ")}, got ${found}`,
    );
  }
  if (schema.enum !== undefined && !schema.enum.includes(value)) {
    const choices = schema.enum.map(String);
    throw new ProjectFileError(
      check.document.at(check.at),
      `${nameOf(check.at)} must be one of ${choices.join(", ")}, got ${JSON.stringify(value)}${didYouMean(String(value), choices)}`,
    );
  }
};

const checkMapping = (schema: Schema, value: Readonly<Record<string, unknown>>, check: Check): void => {
  const known = Object.keys(schema.properties ?? {});
  for (const [name, inner] of Object.entries(value)) {
    const at = [...check.at, name];
    const property =
      schema.properties && Object.hasOwn(schema.properties, name) ? schema.properties[name] : undefined;
    if (property !== undefined) validate(property, inner, { ...check, at });
    else if (schema.additionalProperties === false) {
      const within = check.at.length > 1 ? ` in ${nameOf(check.at)}` : "";
      throw new ProjectFileError(
        check.document.atKey(at),
        `unknown attribute "${name}"${within}${didYouMean(name, known)}`,
      );
    } else if (isRecord(schema.additionalProperties)) {
      validate(schema.additionalProperties as Schema, inner, { ...check, at });
    }
  }
  for (const name of schema.required ?? []) {
    if (!(name in value)) {
      throw new ProjectFileError(check.document.at(check.at), `${nameOf([...check.at, name])} is required`);
    }
  }
};

const validate = (given: Schema, value: unknown, check: Check): void => {
  if (isTemplate(value)) return;
  const schema = resolveRef(given, check.root);
  const branches = schema.anyOf ?? schema.oneOf;
  if (branches !== undefined) {
    validateBranches(branches, value, check);
    return;
  }
  checkType(schema, value, check);
  if (isRecord(value)) checkMapping(schema, value, check);
  if (Array.isArray(value) && schema.items !== undefined) {
    for (const [index, item] of value.entries())
      validate(schema.items, item, { ...check, at: [...check.at, index] });
  }
};

/** Reports the error of the branch whose type fits, which is the one that the user meant. */
const validateBranches = (branches: readonly Schema[], value: unknown, check: Check): void => {
  const errors: unknown[] = [];
  for (const branch of branches) {
    try {
      validate(branch, value, check);
      return;
    } catch (error) {
      errors.push(error);
    }
  }
  const found = typeOf(value);
  const meant = branches.findIndex((branch) => {
    const { type } = resolveRef(branch, check.root);
    return type !== undefined && [type].flat().some((wanted) => accepts(wanted, found));
  });
  throw errors[Math.max(meant, 0)];
};

/** Refuses unknown keys and values of the wrong shape, with the place of each in the file. */
export const validateAttributes = (
  schema: object,
  document: YamlDocument,
  attributes: unknown,
  key = "attributes",
): void => {
  validate(schema as Schema, attributes, { document, root: schema as Schema, at: [key] });
};

import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { choice, flag, integer, list, nullable, object, type Static, text, union } from "./schema.ts";
import { schemaProblems } from "./schema-problems.ts";
import { outputSchemas } from "./schemas/index.ts";

const shape = object(
  {
    name: text,
    count: integer,
    kind: union(object({ type: choice("a") }), object({ type: choice("b"), on: flag })),
  },
  { note: nullable(text), tags: list(text) },
);

describe("shapes", () => {
  it("give a type and a JSON schema", () => {
    const value: Static<typeof shape> = { name: "x", count: 1, kind: { type: "b", on: true }, note: null };
    expect(schemaProblems(shape.json, value)).toEqual([]);
    expect(shape.json).toMatchObject({ type: "object", required: ["name", "count", "kind"] });
  });

  it("find what is missing, of another type or no choice", () => {
    expect(schemaProblems(shape.json, { count: 1.5, kind: { type: "b" }, tags: ["x", 3] })).toEqual([
      "$.name is missing",
      "$.count is no integer",
      '$.kind.type is "b"',
      "$.tags[1] is no string",
    ]);
  });
});

// The published schemas of the original lie beside the repository on machines that have them.
const published = fileURLToPath(new URL("../../../../../shared/golden/rocky-schemas/", import.meta.url));

type Json = Readonly<Record<string, unknown>>;
const asRecord = (value: unknown): Json =>
  typeof value === "object" && value !== null ? (value as Json) : {};

/** Follows references and single wrappers; null alternatives are set aside. */
const resolve = (root: Json, schema: Json): Json => {
  if (typeof schema.$ref === "string")
    return resolve(root, asRecord(asRecord(root.definitions)[schema.$ref.split("/").at(-1) ?? ""]));
  for (const key of ["allOf", "anyOf"]) {
    const members = schema[key];
    if (!Array.isArray(members)) continue;
    const real = members.map(asRecord).filter((member) => member.type !== "null");
    if (real.length === 1) return resolve(root, real[0] ?? {});
  }
  return schema;
};

const typesOf = (schema: Json): readonly unknown[] =>
  (Array.isArray(schema.type) ? schema.type : [schema.type]).filter((type) => type !== "null");

/** Where something that fits `ours` could break `theirs`. */
const gaps = (ours: Json, theirs: Json, root: Json, path: string): readonly string[] => {
  const own = resolve(ours, ours);
  const other = resolve(root, theirs);
  const found: string[] = [];
  const wanted = typesOf(other);
  if (own.type !== undefined && wanted[0] !== undefined && !wanted.includes(own.type))
    found.push(`${path}: ${String(own.type)}`);
  const required = Array.isArray(own.required) ? own.required : [];
  for (const name of Array.isArray(other.required) ? other.required : [])
    if (own.type === "object" && !required.includes(name))
      found.push(`${path}.${String(name)} may be missing`);
  for (const [name, property] of Object.entries(asRecord(own.properties))) {
    const counterpart = asRecord(other.properties)[name];
    if (counterpart !== undefined)
      found.push(...gaps(asRecord(property), asRecord(counterpart), root, `${path}.${name}`));
  }
  if (own.items !== undefined && other.items !== undefined && !Array.isArray(own.items))
    found.push(...gaps(asRecord(own.items), asRecord(other.items), root, `${path}[]`));
  return found;
};

describe("against the published schemas", () => {
  // `snapshot` prints a shape that nobody publishes.
  const entries = Object.entries(outputSchemas).filter(([name]) =>
    existsSync(`${published}${name}.schema.json`),
  );

  it("has a shape for every command that prints one", () => {
    expect(Object.keys(outputSchemas).length).toBeGreaterThan(25);
  });

  it.each(entries)("%s fits", (name, { json }) => {
    const golden = asRecord(JSON.parse(readFileSync(`${published}${name}.schema.json`, "utf8")));
    expect(gaps(json, golden, golden, name)).toEqual([]);
  });
});

import { expect, describe, it } from "vitest";
import { publishedSchema } from "../output/published-schemas.ts";
import { decodeConfig } from "./decode/config.ts";
import type { Problem } from "./reader.ts";
import { expandShorthands } from "./shorthand.ts";

type Json = Readonly<Record<string, unknown>>;

const isRecord = (value: unknown): value is Json =>
  typeof value === "object" && value !== null && !Array.isArray(value);
const records = (value: unknown): readonly Json[] => (Array.isArray(value) ? value.filter(isRecord) : []);

const project = publishedSchema("rocky_project");
const definitions = isRecord(project?.definitions) ? project.definitions : {};

const definition = (name: string): Json => {
  const found = definitions[name];
  return isRecord(found) ? found : {};
};

const resolve = (schema: Json): Json =>
  typeof schema.$ref === "string" ? resolve(definition(schema.$ref.split("/").at(-1) ?? "")) : schema;

const DEEPEST = 10;

/** Values that between them set every key which a schema names; whether they make sense does not matter. */
const samples = (given: Json, depth = 0): readonly unknown[] => {
  const schema = resolve(given);
  if (depth > DEEPEST) return [];
  if (Array.isArray(schema.enum)) return [schema.enum[0]];
  const choices = records(schema.anyOf ?? schema.oneOf ?? schema.allOf).map(resolve);
  if (choices.length > 0)
    return choices.flatMap((choice) =>
      samples(
        isRecord(schema.properties) || isRecord(choice.properties)
          ? {
              ...choice,
              properties: {
                ...(isRecord(schema.properties) ? schema.properties : {}),
                ...(isRecord(choice.properties) ? choice.properties : {}),
              },
            }
          : choice,
        depth + 1,
      ),
    );
  const [type] = (Array.isArray(schema.type) ? schema.type : [schema.type]).filter((name) => name !== "null");
  if (type === "string") return ["x"];
  if (type === "integer" || type === "number") return [1];
  if (type === "boolean") return [true];
  if (type === "array")
    return isRecord(schema.items) ? samples(schema.items, depth + 1).map((item) => [item]) : [];
  if (isRecord(schema.properties)) {
    const columns = Object.entries(schema.properties).flatMap(([key, property]) => {
      const values = isRecord(property) ? samples(property, depth + 1) : [];
      return values.length === 0 ? [] : [{ key, values }];
    });
    const count = Math.max(1, ...columns.map(({ values }) => values.length));
    return Array.from({ length: count }, (_, index) =>
      Object.fromEntries(columns.map(({ key, values }) => [key, values[index % values.length]])),
    );
  }
  const { additionalProperties } = schema;
  return isRecord(additionalProperties)
    ? samples(additionalProperties, depth + 1).map((value) => ({ any: value }))
    : [];
};

const unknownKeys = (table: Json): readonly string[] => {
  const problems: Problem[] = [];
  decodeConfig(expandShorthands(table), problems);
  return problems
    .filter(({ message }) => message.startsWith("unknown field"))
    .map(({ path }) => path.join("."));
};

const PIPELINES: Readonly<Record<string, string>> = {
  replication: "ReplicationPipelineConfig",
  transformation: "TransformationPipelineConfig",
  quality: "QualityPipelineConfig",
  snapshot: "SnapshotPipelineConfig",
  load: "LoadPipelineConfig",
};

describe.runIf(project !== undefined)("every key that the original publishes is known", () => {
  it.each(Object.entries(PIPELINES))("in a %s pipeline", (type, name) => {
    const tables = samples(definition(name)).filter(isRecord);
    expect(tables.length).toBeGreaterThan(0);
    const adapter = { default: { type: "duckdb" } };
    for (const table of tables)
      expect(unknownKeys({ adapter, pipeline: { p: { ...table, type } } })).toEqual([]);
  });

  it("in an adapter", () => {
    for (const table of samples(definition("AdapterConfig")).filter(isRecord))
      for (const type of ["duckdb", "databricks", "snowflake", "bigquery", "trino", "fivetran", "airbyte"])
        expect(unknownKeys({ adapter: { a: { ...table, type } } })).toEqual([]);
  });

  it("in every other table", () => {
    const tables = samples(project ?? {}).filter(isRecord);
    expect(tables.length).toBeGreaterThan(0);
    for (const { adapter: _adapter, pipeline: _pipeline, ...others } of tables)
      expect(unknownKeys(others)).toEqual([]);
  });
});

import { describe, expect, test } from "vitest";
import { plainScope } from "../test-support/load-context.ts";
import { compileAttributes } from "./attributes.ts";
import { ATTRIBUTE_NAMES } from "./attributes-schema.ts";

const compile = (attributes: unknown) => compileAttributes(attributes, plainScope);
const errorOf = (attributes: unknown): { message: string; attributePath?: unknown } => {
  try {
    compile(attributes);
  } catch (error) {
    return error as Error;
  }
  throw new Error("accepted");
};

test("there are 33 attributes and none is required", () => {
  expect(ATTRIBUTE_NAMES).toHaveLength(33);
  for (const nothing of [undefined, null, {}]) {
    expect(compile(nothing)).toMatchObject({
      binaryPath: "rocky",
      configPath: "rocky.toml",
      modelsDir: "models",
      defsState: {
        key: "RockyComponent[rocky.toml]",
        managementType: "LOCAL_FILESYSTEM",
        refreshIfDev: true,
      },
      surfaceOptimizeMetadata: true,
      surfaceDerivedModels: false,
      dagMode: false,
      sensorGranularity: "per_source",
      sensorIntervalSeconds: 300,
      executionMode: "streaming",
      opTags: {},
      strictDoctorChecks: [],
      timeoutSeconds: 3600,
    });
  }
  expect(compile({})).not.toHaveProperty("statePath");
  expect(compile({ state_path: null, tenant: null, translation: null, server_url: null })).not.toHaveProperty(
    "tenant",
  );
});

test("the state key follows config_path unless it is given", () => {
  expect(compile({ config_path: "config/rocky.toml" }).defsState.key).toBe(
    "RockyComponent[config/rocky.toml]",
  );
  expect(compile({ defs_state: { key: "mine", refresh_if_dev: false } }).defsState).toEqual({
    key: "mine",
    managementType: "LOCAL_FILESYSTEM",
    refreshIfDev: false,
  });
});

test("what a template made counts as the value it spells, in both directions", () => {
  const made: Record<string, unknown> = { "{{ env.A }}": "True", "{{ env.B }}": "60", "{{ env.C }}": 7 };
  const scope = { resolve: (value: unknown) => made[String(value)] };
  const attributes = {
    dag_mode: "{{ env.A }}",
    timeout_seconds: "{{ env.B }}",
    op_tags: { a: "{{ env.C }}", b: "3" },
  };
  expect(compileAttributes(attributes, scope)).toMatchObject({
    dagMode: true,
    timeoutSeconds: 60,
    opTags: { a: "7", b: "3" },
  });
});

describe("is refused, naming the attribute:", () => {
  test.each([
    ["an unknown attribute", { surface_lineage: true }, "surface_lineage", "surface_column_lineage"],
    [
      "an unknown key of tenant",
      { tenant: { component: "a", partition_name: "b" } },
      "tenant.partition_name",
      "partitions_name",
    ],
    ["a tenant without its set", { tenant: { component: "a" } }, "tenant.partitions_name", "required"],
    ["an unknown key of translation", { translation: { group: "x" } }, "translation.group", "group_name"],
    ["a mode that does not exist", { execution_mode: "stream" }, "execution_mode", "streaming"],
    ["a number that is none", { timeout_seconds: "soon" }, "timeout_seconds", "whole number"],
    ["a time limit of zero", { timeout_seconds: 0 }, "timeout_seconds", "at least 1"],
    ["a flag that is none", { dag_mode: "maybe" }, "dag_mode", "true or false"],
    ["a tag that is no text", { op_tags: { pool: {} } }, "op_tags.pool", "text"],
    ["a translator without a module", { translator_class: "Shop" }, "translator_class", "module.Class"],
    [
      "a management type that does not exist",
      { defs_state: { management_type: "LOCAL" } },
      "management_type",
      "LOCAL_FILESYSTEM",
    ],
  ])("%s", (_what, attributes, name, hint) => {
    const { message } = errorOf(attributes);
    expect(message).toContain(name);
    expect(message).toContain(hint);
  });

  test.each(["post_state_write_hook", "shadow_suffix_fn", "governance_override_fn", "idempotency_key_fn"])(
    "%s in YAML",
    (name) => {
      expect(errorOf({ [name]: "my.module.fn" })).toMatchObject({
        message: expect.stringMatching(new RegExp(`${name}.*RockyComponent\\.extend`)),
        attributePath: [name],
      });
      expect(() => compile({ [name]: null })).not.toThrow();
    },
  );

  test.each([{ dag_mode: true }, { execution_mode: "pipes" }])("satisfy_empty_outputs with %o", (other) => {
    expect(errorOf({ satisfy_empty_outputs: true, ...other }).message).toContain(Object.keys(other)[0]);
  });
});

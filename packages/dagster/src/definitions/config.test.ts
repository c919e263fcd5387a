import { describe, expect, expectTypeOf, test } from "vitest";
import { createRecordingInstance, materialize } from "../testing/index.ts";
import { asset } from "./asset.ts";
import { Config } from "./config.ts";
import { Definitions } from "./define.ts";
import { job } from "./instigator-factories.ts";
import type { JsonObject } from "./metadata.ts";
import { resolveConfig, withDefaults } from "./resolve-config.ts";

const fields = {
  limit: Config.int({ default: 100 }),
  mode: Config.enum(["fast", "safe"]),
  note: Config.optional(Config.string()),
  window: Config.nullable(Config.object({ days: Config.int(), strict: Config.bool({ default: false }) })),
  source: Config.oneOf({ table: Config.string(), files: Config.array(Config.string()) }),
};
const given = { mode: "safe", source: { table: "t" } };

describe("config", () => {
  test("is typed by its fields", () => {
    asset({ key: "a", config: fields }, ({ opConfig }) => {
      expectTypeOf(opConfig.limit).toEqualTypeOf<number>();
      expectTypeOf(opConfig.mode).toEqualTypeOf<"fast" | "safe">();
      expectTypeOf(opConfig.note).toEqualTypeOf<string | undefined>();
      expectTypeOf(opConfig.source.files).toEqualTypeOf<readonly string[] | undefined>();
      expectTypeOf(opConfig.window?.strict).toEqualTypeOf<boolean | undefined>();
    });
    asset({ key: "b" }, ({ opConfig }) => {
      expectTypeOf(opConfig).toEqualTypeOf<JsonObject>();
    });
  });

  test("gets defaults, also inside", () => {
    expect(resolveConfig(fields, { ...given, window: { days: 2 } }, "c")).toEqual({
      limit: 100,
      mode: "safe",
      source: { table: "t" },
      window: { days: 2, strict: false },
    });
    expect(resolveConfig(fields, given, "c").window).toBeNull();
  });

  test.each([
    [{ ...given, mode: "slow" }, '`c.mode`: expected one of fast, safe, got "slow"'],
    [{ ...given, limit: 1.5 }, "`c.limit`: expected Int, got 1.5"],
    [{ ...given, limt: 1 }, "`c`: there is no `limt`"],
    [{ source: { table: "t" } }, "`c`: `mode` is missing"],
    [{ ...given, source: { table: "t", files: [] } }, "`c.source`: expected exactly one of table, files"],
    [{ ...given, source: { files: [1] } }, "`c.source.files[0]`: expected String, got 1"],
    [{ ...given, window: {} }, "`c.window`: `days` is missing"],
  ])("refuses %j", (value, message) => {
    expect(() => resolveConfig(fields, value, "c")).toThrow(message);
  });

  test("takes a job's values as defaults", () => {
    const deep = { at: Config.object({ a: Config.int(), b: Config.int({ default: 2 }) }) };
    const changed = withDefaults(deep, { at: { a: 7 } });
    expect(resolveConfig(changed, {}, "c")).toEqual({ at: { a: 7, b: 2 } });
    expect(resolveConfig(changed, { at: { b: 3 } }, "c")).toEqual({ at: { a: 7, b: 3 } });
  });
});

describe("a value from the environment", () => {
  const own = {
    url: Config.string({ env: "URL" }),
    port: Config.int({ env: "PORT" }),
    on: Config.bool({ env: "ON" }),
  };
  const env = { URL: "db", PORT: "5432", ON: "true", BAD: "secret" };

  test("is read where an environment is given, by the default's name or another", () => {
    expect(resolveConfig(own, {}, "c", env)).toEqual({ url: "db", port: 5432, on: true });
    expect(resolveConfig(own, { url: { env: "BAD" }, on: false }, "c", env)).toEqual({
      url: "secret",
      port: 5432,
      on: false,
    });
    expect(resolveConfig(own, {}, "c").url).toEqual({ env: "URL" });
  });

  test.each([
    [{ port: { env: "BAD" } }, "`c.port`: the environment variable BAD holds no Int"],
    [{ port: { env: "GONE" } }, "`c.port`: the environment variable GONE is not set"],
    [{ port: { evn: "PORT" } }, '`c.port`: expected Int or { env: "NAME" }'],
  ])("refuses %j without telling the value", (value, message) => {
    expect(() => resolveConfig(own, value, "c", env)).toThrow(message);
    expect(() => resolveConfig(own, value, "c", env)).not.toThrow("secret");
  });

  test("cannot have a second default", () => {
    expect(() => Config.string({ env: "URL", default: "x" })).toThrow("not from both");
  });
});

describe("a run", () => {
  const seen: unknown[] = [];
  const counted = asset({ key: "counted", config: { limit: Config.int({ default: 5 }) } }, ({ opConfig }) => {
    seen.push(opConfig.limit);
  });
  const nightly = job({
    name: "nightly",
    selection: ["counted"],
    config: { ops: { counted: { config: { limit: 9 } } } },
  });
  const definitions = Definitions.create({ assets: [counted], jobs: [nightly] });
  const config = (limit: number | string): JsonObject => ({ ops: { counted: { config: { limit } } } });

  test("hands the op its config", async () => {
    await materialize(definitions);
    await materialize(definitions, { runConfig: config(7) });
    expect(seen).toEqual([5, 7]);
  });

  test("fails before its first step when the config is wrong", async () => {
    const instance = createRecordingInstance();
    const result = await materialize(definitions, { runConfig: config("many"), instance });
    expect(result.success).toBe(false);
    const types = instance.rows.map((row) => row.type);
    expect(types).toContain("PIPELINE_FAILURE");
    expect(types).not.toContain("STEP_START");
    expect(instance.rows.map((row) => row.body).join()).toContain("ops.counted.config.limit");
  });
});

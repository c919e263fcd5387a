import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { AssetKey, type Definitions } from "@dagster-rocky/dagster";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { describeGraph } from "../test-support/describe-graph.ts";
import { loadContext, plainScope } from "../test-support/load-context.ts";
import { createRecordedEngine } from "../test-support/recorded-engine.ts";
import { RockyDagsterTranslator } from "../translator/translator.ts";
import { RockyComponent } from "./rocky-component.ts";

let project: string;
beforeEach(() => {
  project = mkdtempSync(join(tmpdir(), "rocky-component-"));
});
afterEach(() => rmSync(project, { recursive: true, force: true }));

const source = (id: string, components: object, ...tables: string[]) => ({
  id,
  components,
  source_type: "duckdb",
  tables: tables.map((name) => ({ name })),
});
const state = (slots: object) => ({ discover: { version: "1", command: "discover", sources: [] }, ...slots });
const discovered = (...sources: object[]) => ({
  discover: { version: "1", command: "discover", sources },
  dag_status: "disabled",
});

async function load(content: object | string, attributes: object = {}, Type = RockyComponent) {
  const path = join(project, "state");
  writeFileSync(path, typeof content === "string" ? content : JSON.stringify(content));
  const context = loadContext(project);
  const definitions = await Type.create(attributes, plainScope).buildDefsFromState(context, path);
  return { definitions, lines: context.lines, graph: describeGraph(definitions) };
}

const keys = (definitions: Definitions) =>
  definitions.assets.flatMap((asset) =>
    asset.kind === "assets" ? asset.specs.map((spec) => AssetKey.toUserString(spec.key)) : [],
  );

describe("without state", () => {
  test("there is nothing, and the log says what to do", async () => {
    const context = loadContext(project);
    const definitions = await RockyComponent.create({}, plainScope).buildDefsFromState(context, undefined);
    expect(definitions.assets).toEqual([]);
    expect(definitions.resources).toEqual({});
    expect(context.lines.join()).toContain("dagster-rocky refresh");
  });

  test("strict_build refuses", async () => {
    const component = RockyComponent.create({ strict_build: true }, plainScope);
    await expect(component.buildDefsFromState(loadContext(project), undefined)).rejects.toMatchObject({
      code: "STATE_MISSING",
    });
  });

  test("discover_on_missing_state writes it, but not under the development CLI", async () => {
    const engine = createRecordedEngine([
      { when: ["discover"], json: discovered(source("s", { g: "nl" }, "orders")).discover },
    ]);
    const component = RockyComponent.create(
      { binary_path: engine.path, discover_on_missing_state: true },
      plainScope,
    );
    const path = join(project, "state");
    await component.beforeLoad(loadContext(project, { DAGSTER_IS_DEV_CLI: "1" }), path);
    expect(engine.calls()).toEqual([]);
    await component.beforeLoad(loadContext(project, { PATH: process.env.PATH }), path);
    expect(JSON.parse(readFileSync(path, "utf8")).discover.sources).toHaveLength(1);
    await component.beforeLoad(loadContext(project), path);
    expect(engine.calls()).toHaveLength(1);
    engine.dispose();
  });
});

test("contracts are what a load reads beside the state", async () => {
  mkdirSync(join(project, "contracts"));
  writeFileSync(join(project, "contracts", "orders.contract.toml"), "[rules]");
  const component = RockyComponent.create({ contracts_dir: "contracts" }, plainScope);
  expect(component.loadInputs(loadContext(project))).toEqual([
    join(project, "contracts"),
    join(project, "contracts", "orders.contract.toml"),
  ]);
  expect(RockyComponent.create({}, plainScope).loadInputs(loadContext(project))).toEqual([]);
});

describe("a state that cannot be used is an error that names file, slot and remedy:", () => {
  test.each([
    ["half a file", '{ "discover": {', "state", "dagster-rocky refresh"],
    ["no object", "[]", "one JSON object", "refresh"],
    ["no discover", "{}", "discover", "missing"],
    [
      "a source without id",
      JSON.stringify(discovered({ tables: [] })),
      "discover.sources[0].id",
      "expected text",
    ],
    [
      "a model without strategy",
      JSON.stringify(state({ compile: { has_errors: false, models_detail: [{ name: "m" }] } })),
      "compile.models_detail[0].strategy",
      "",
    ],
  ])("%s", async (_what, content, where, hint) => {
    const error = await load(content).catch((thrown: unknown) => thrown as Error);
    expect(error).toMatchObject({ code: "STATE_CORRUPT" });
    expect((error as Error).message).toContain(join(project, "state"));
    expect((error as Error).message).toContain(where);
    expect((error as Error).message).toContain(hint);
  });
});

describe("replicated tables", () => {
  test("with one key in two sources: the first is shown and the second is told of", async () => {
    const { definitions, graph } = await load(
      discovered(source("one", { g: "nl" }, "orders"), source("two", { g: "nl" }, "orders", "buyers")),
    );
    expect(keys(definitions)).toEqual(["duckdb/nl/orders", "duckdb/nl/buyers"]);
    const asset = graph.assets["duckdb/nl/orders"] as { metadata: Record<string, { value: string }> };
    expect(asset.metadata["rocky/load_problem"]?.value).toContain("source two");
    expect(Object.values(definitions.metadata)[0]).toHaveLength(1);
  });

  test("whose components hold what Dagster refuses in tags and groups still load", async () => {
    const { graph } = await load(discovered(source("one", { "team name": "sales & co/nl" }, "orders")));
    const asset = Object.values(graph.assets)[0] as Record<string, unknown>;
    expect(asset.group).toBe("sales___co/nl");
    expect(asset.tags).toMatchObject({ "rocky/team_name": "sales___co_nl" });
    expect(graph.ops).toEqual(["rocky_sales___co_nl"]);
  });

  test("keep their pipeline, and never share an op with another one's", async () => {
    const { definitions } = await load(
      discovered(
        { ...source("one", { g: "nl" }, "orders"), pipeline: "a" },
        { ...source("two", { g: "nl" }, "buyers"), pipeline: "b" },
      ),
    );
    expect(definitions.assets.map((asset) => asset.kind === "assets" && asset.opName)).toEqual([
      "rocky_nl",
      "rocky_nl_2",
    ]);
  });

  test("with a failed refresh say so", async () => {
    const failure = {
      call: "discover",
      at: "2026-01-02T03:04:05Z",
      reason: "no network",
      kept_previous: true,
    };
    const { graph, lines } = await load({
      ...discovered(source("one", { g: "nl" }, "orders")),
      refresh_failures: [failure],
    });
    const asset = graph.assets["duckdb/nl/orders"] as { metadata: Record<string, { value: string }> };
    expect(asset.metadata["rocky/refresh_failure"]?.value).toMatch(/no network.*earlier answer/);
    expect(lines.join()).toContain("2026-01-02T03:04:05Z");
  });

  test("a sensor's name is valid whatever config_path is", async () => {
    const { definitions } = await load(discovered(source("one", { g: "nl" }, "orders")), {
      enable_sensor: true,
      config_path: "config/dev/rocky.toml",
    });
    expect(definitions.sensors.map(({ name }) => name)).toEqual([
      "rocky_source_sensor_config_dev_rocky_toml",
    ]);
    expect(definitions.sensors[0]).toMatchObject({ defaultStatus: "STOPPED", minimumIntervalSeconds: 300 });
  });

  test("strict_build refuses none at all", async () => {
    await expect(load(discovered(), { strict_build: true })).rejects.toMatchObject({
      code: "NOTHING_DISCOVERED",
    });
  });
});

const model = (
  name: string,
  depends_on: readonly string[] = [],
  strategy: object = { type: "full_refresh" },
) => ({
  name,
  strategy,
  target: { catalog: "c", schema: "s", table: name },
  depends_on,
});
const daily = (first_partition: string | null, granularity = "day") => ({
  type: "time_interval",
  time_column: "at",
  granularity,
  first_partition,
});
const compiled = (...models_detail: object[]) =>
  state({ compile: { version: "1", command: "compile", has_errors: false, diagnostics: [], models_detail } });

describe("derived models", () => {
  const derived = { surface_derived_models: true };
  const first = (graph: Awaited<ReturnType<typeof load>>["graph"], name: string) =>
    (graph.assets[`c/s/${name}`] as { partitions: { start: string } }).partitions.start;

  test.each([
    ["hour", "2025-03-04T13", "2025-03-04 13:00"],
    ["hour", "2025-03-04", "2025-03-04 00:00"],
    ["hour", null, "2020-01-01 00:00"],
    ["month", "2025-03", "2025-03-01 00:00"],
    ["year", "2025", "2025-01-01 00:00"],
    ["year", null, "2020-01-01 00:00"],
  ])("by the %s from %s load", async (granularity, firstPartition, start) => {
    const { graph } = await load(compiled(model("m", [], daily(firstPartition, granularity))), derived);
    expect(first(graph, "m")).toBe(start);
  });

  test("with different first partitions have ops of their own and keep their own start", async () => {
    const { graph } = await load(
      compiled(model("a", [], daily("2025-01-01")), model("b", ["a"], daily("2025-02-01"))),
      derived,
    );
    expect(graph.ops).toEqual(["rocky_models_daily", "rocky_models_daily_2"]);
    expect([first(graph, "a"), first(graph, "b")]).toEqual(["2025-01-01 00:00", "2025-02-01 00:00"]);
  });

  test("with a first partition that is none begin at the default, and say so", async () => {
    const { graph, lines } = await load(compiled(model("m", [], daily("soon"))), derived);
    expect(first(graph, "m")).toBe("2020-01-01 00:00");
    expect(lines.join()).toContain('"soon"');
  });

  test("see through ephemeral ones", async () => {
    const ephemeral = { type: "ephemeral" };
    const { graph } = await load(
      compiled(
        model("a"),
        model("e1", ["a"], ephemeral),
        model("e2", ["e1", "a"], ephemeral),
        model("b", ["e2"]),
      ),
      derived,
    );
    expect(Object.keys(graph.assets)).toEqual(["c/s/a", "c/s/b"]);
    expect(graph.assets["c/s/b"]).toMatchObject({ deps: ["c/s/a"] });
  });

  test("between which a partitioned one stands are built in order without a ring of ops", async () => {
    const { graph, definitions } = await load(
      compiled(model("raw"), model("per_day", ["raw"], daily("2025-01-01")), model("top", ["per_day"])),
      derived,
    );
    expect(graph.assets["c/s/per_day"]).toMatchObject({ deps: [] });
    expect(graph.assets["c/s/top"]).toMatchObject({ deps: ["c/s/per_day"] });
    expect(definitions.assets).toHaveLength(2);
  });

  test("on the same target: one is shown", async () => {
    const twin = { ...model("twin"), target: { catalog: "c", schema: "s", table: "a" } };
    const { definitions, lines } = await load(compiled(model("a"), twin), derived);
    expect(keys(definitions)).toEqual(["c/s/a"]);
    expect(lines.join()).toContain("twin");
  });
});

const node = (id: string, extra: object = {}) => {
  const [kind = "", label = ""] = id.split(":");
  const target = kind === "transformation" ? { catalog: "c", schema: "s", table: label } : null;
  return { id, kind, label, pipeline: "p", target, ...extra };
};
const graph = (...nodes: object[]) => state({ dag: { nodes, column_lineage: [] }, dag_status: "success" });

describe("dag_mode", () => {
  const dag = { dag_mode: true };

  test("two nodes with one key: one is shown, and strict_build refuses", async () => {
    const both = graph(
      node("transformation:a"),
      node("transformation:b", { target: { catalog: "c", schema: "s", table: "a" } }),
    );
    const { definitions, lines } = await load(both, dag);
    expect(keys(definitions)).toEqual(["c/s/a"]);
    expect(lines.join()).toContain("transformation:b");
    await expect(load(both, { ...dag, strict_build: true })).rejects.toMatchObject({ code: "KEY_COLLISION" });
  });

  test("tests and ephemeral models are not shown, and what lies behind them is", async () => {
    const { graph: built } = await load(
      graph(
        node("transformation:b", { depends_on: ["transformation:e", "gone"] }),
        node("transformation:e", { strategy: { type: "ephemeral" }, depends_on: ["source:p"] }),
        node("source:p"),
        node("test:b::unique", { depends_on: ["transformation:b"] }),
      ),
      dag,
    );
    expect(Object.keys(built.assets).sort()).toEqual(["c/s/b", "p/source"]);
    expect(built.assets["c/s/b"]).toMatchObject({ deps: ["p/source"] });
  });

  test("models run after what their SQL reads, also when no sidecar says so; the graph stays the engine's", async () => {
    const nodes = ["c", "b", "a"].map((name) => node(`transformation:${name}`));
    const column_lineage = [
      { source: { model: "b", column: "x" }, target: { model: "c", column: "x" }, transform: "direct" },
    ];
    const { compile } = compiled(model("b", ["a"])) as unknown as { compile: object };
    const { definitions, graph: built } = await load(
      state({ compile, dag: { nodes, column_lineage }, dag_status: "success" }),
      dag,
    );
    expect(keys(definitions)).toEqual(["c/s/a", "c/s/b", "c/s/c"]);
    expect(built.assets["c/s/c"]).toMatchObject({ deps: [] });
  });

  test("models of one grain with different first partitions keep their own start", async () => {
    const at = (first_partition: string) => ({ partition_shape: { granularity: "daily", first_partition } });
    const { graph: built } = await load(
      graph(node("transformation:a", at("2025-01-01")), node("transformation:b", at("2025-02-01"))),
      dag,
    );
    expect(built.ops).toEqual(["rocky_dag_transformation_daily", "rocky_dag_transformation_daily_2"]);
  });

  test.each([
    [
      "failed",
      { dag_status: "failed", dag_error: { message: "RockyError: no such model" } },
      "no such model",
    ],
    ["disabled", { dag_status: "disabled" }, "refresh"],
    ["odd", { dag_status: 7 }, "7"],
    ["null", { dag_status: null }, "null"],
  ])("a state without graph (%s) is an error", async (_what, slots, hint) => {
    await expect(load(state(slots), dag)).rejects.toMatchObject({
      code: "STATE_STALE",
      message: expect.stringContaining(hint),
    });
  });

  test("an old state without graph shows replicated tables, and strict_build refuses", async () => {
    const old = { discover: discovered(source("one", { g: "nl" }, "orders")).discover };
    const { definitions } = await load(old, dag);
    expect(keys(definitions)).toEqual(["duckdb/nl/orders"]);
    await expect(load(old, { ...dag, strict_build: true })).rejects.toMatchObject({ code: "STATE_STALE" });
  });
});

describe("a class of the project", () => {
  class Short extends RockyDagsterTranslator {
    override getAssetKey(from: { readonly id: string }, table: { readonly name: string }) {
      return AssetKey.of(from.id, table.name);
    }
  }

  test("brings its translator", async () => {
    const Type = RockyComponent.extend({ translator: new Short() });
    const { definitions } = await load(discovered(source("one", { g: "nl" }, "orders")), {}, Type);
    expect(keys(definitions)).toEqual(["one/orders"]);
  });

  test("may be extended again, and may be a plain subclass", () => {
    const hook = () => undefined;
    const Twice = RockyComponent.extend({ translator: new Short() }).extend({ postStateWriteHook: hook });
    expect(Twice.create({}, plainScope).options).toMatchObject({ postStateWriteHook: hook });
    class Own extends RockyComponent {
      static override readonly code = { shadowSuffixFn: () => "_x" };
    }
    const made = Own.create({}, plainScope);
    expect(made).toBeInstanceOf(Own);
    expect(made.options.shadowSuffixFn).toBeDefined();
  });

  test("translator_class names one, and only a translator is taken", async () => {
    const component = RockyComponent.create({ translator_class: "shop.Short" }, plainScope);
    const path = join(project, "state");
    writeFileSync(path, JSON.stringify(discovered(source("one", { g: "nl" }, "orders"))));
    const found = (value: unknown) => ({ ...loadContext(project), importExport: async () => value });
    expect(keys(await component.buildDefsFromState(found(Short), path))).toEqual(["one/orders"]);
    await expect(component.buildDefsFromState(found(class {}), path)).rejects.toThrow(
      /RockyDagsterTranslator/,
    );
  });
});

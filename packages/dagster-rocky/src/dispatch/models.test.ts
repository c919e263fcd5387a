import { AssetKey } from "@dagster-rocky/dagster";
import { afterEach, describe, expect, test } from "vitest";
import { createRockyResource, type RockyResource } from "../resource/index.ts";
import { failed, planOutput, runOutput, wrote } from "../test-support/engine-output.ts";
import { eventLines, runOp } from "../test-support/op-context.ts";
import {
  createRecordedEngine,
  type RecordedAnswer,
  type RecordedEngine,
} from "../test-support/recorded-engine.ts";
import { createCompute, type DispatchSettings } from "./compute.ts";
import type { DagGroupPlan, DagNodePlan, DerivedGroupPlan, DispatchPlan } from "./plans.ts";

const settings: DispatchSettings = {
  executionMode: "streaming",
  satisfyEmptyOutputs: false,
  surfaceCompliance: false,
  surfaceRetentionStatus: false,
  resourceKey: "rocky",
};

let engine: RecordedEngine | undefined;
afterEach(() => engine?.dispose());

const over = (answers: readonly RecordedAnswer[], options: object = {}): RockyResource => {
  engine = createRecordedEngine(answers);
  return createRockyResource(
    { binaryPath: engine.path, ...options },
    { projectRoot: engine.folder, env: process.env },
  );
};

const run = (
  plan: DispatchPlan,
  rocky: RockyResource,
  assets: readonly AssetKey[],
  partitionKeys: readonly string[] = [],
) => runOp(createCompute(plan, settings), { assets, partitionKeys, resources: { rocky } });

const target = (table: string) => ({ catalog: "shop", schema: "mart", table });
const key = (table: string): AssetKey => AssetKey.of("shop", "mart", table);

const model = (name: string, upstream: readonly string[] = []): DagNodePlan => ({
  key: key(name),
  nodeId: `transformation:${name}`,
  label: name,
  pipeline: "marts",
  target: target(name),
  upstream: upstream.map((other) => `transformation:${other}`),
});

const models: DagGroupPlan = {
  kind: "dagGroup",
  opName: "rocky_dag_transformation_unpartitioned",
  nodeKind: "transformation",
  nodes: [model("staging"), model("totals", ["staging"]), model("report", ["totals"]), model("aside")],
};

const built = (name: string): RecordedAnswer => ({
  when: ["run", "--model", name],
  json: runOutput({ materializations: [wrote(key(name).path)] }),
});

describe("models of a graph", () => {
  test("run one by one, in order, scoped to their pipeline", async () => {
    const rocky = over(["staging", "totals", "report", "aside"].map(built));
    const outcome = await run(
      models,
      rocky,
      models.nodes.map((node) => node.key),
    );
    expect(outcome.failure).toBeUndefined();
    expect(engine?.calls().map((argv) => argv.join(" "))).toEqual([
      "run --model staging --pipeline marts",
      "run --model totals --pipeline marts",
      "run --model report --pipeline marts",
      "run --model aside --pipeline marts",
    ]);
    expect(eventLines(outcome.events)).toHaveLength(4);
  });

  test("say in their event from which columns theirs are made", async () => {
    const columnLineage = { revenue: [{ assetKey: key("staging"), columnName: "amount" }] };
    const rocky = over(["staging", "totals"].map(built));
    const nodes = [model("staging"), { ...model("totals"), columnLineage }];
    const outcome = await run({ ...models, nodes }, rocky, [key("staging"), key("totals")]);
    expect(outcome.events.map((event) => event.metadata["dagster/column_lineage"])).toEqual([
      undefined,
      { kind: "columnLineage", lineage: columnLineage },
    ]);
  });

  test("behind a failed one are not started, and independent ones still run", async () => {
    const broken = { when: ["run", "--model", "staging"], exitCode: 1 };
    const errors = [failed(["<runtime>"], 'Binder Error: column "zz" not found')];
    const rocky = over([
      { ...broken, json: runOutput({ errors }) },
      ...["totals", "report", "aside"].map(built),
    ]);
    const outcome = await run(
      models,
      rocky,
      models.nodes.map((node) => node.key),
    );
    expect(eventLines(outcome.events)).toEqual(["materialize shop/mart/aside"]);
    expect(outcome.failure?.message).toBe(
      [
        "Model 'staging' failed:",
        '- staging: Binder Error: column "zz" not found',
        "- totals: not started, because staging failed",
        "- report: not started, because staging failed",
      ].join("\n"),
    );
    expect(outcome.failure?.metadata).toMatchObject({
      "rocky/model_name": "staging",
      "rocky/failure_kind": "query-rejected",
      "rocky/not_started_assets": ["shop/mart/totals", "shop/mart/report"],
    });
  });

  test("that are not selected do not run, and do not hold up what reads them", async () => {
    const rocky = over([built("report")]);
    const outcome = await run(models, rocky, [key("report")]);
    expect(outcome.failure).toBeUndefined();
    expect(engine?.calls()).toHaveLength(1);
  });

  test.each([
    ["nothing is reported", runOutput({}), "the engine did not report it as built"],
    [
      "the run says so",
      { ...runOutput({ materializations: [wrote(key("aside").path)] }), status: "PartialFailure" },
      "status PartialFailure",
    ],
    [
      "it was contained",
      runOutput({ contained: [{ model: "aside", blocked_by: ["staging"], unblock_hint: "fix staging" }] }),
      "blocked by staging",
    ],
    [
      "it was interrupted",
      runOutput({ materializations: [wrote(key("aside").path)], interrupted: true }),
      "interrupted",
    ],
  ])("fail when %s", async (_why, json, reason) => {
    const outcome = await run(models, over([{ when: ["run"], json }]), [key("aside")]);
    expect(outcome.failure?.message).toContain(reason);
  });

  test("that the engine proved to be current are shown as such", async () => {
    const decisions = [{ model: "aside", decision: "skip", reason: "logic and inputs are unchanged" }];
    const rocky = over([{ when: ["run"], json: runOutput({ model_decisions: decisions }) }]);
    const outcome = await run(models, rocky, [key("aside")]);
    expect(outcome.failure).toBeUndefined();
    expect(outcome.events[0]?.metadata).toMatchObject({ "rocky/decision": "skip" });
  });

  test("write to shadow tables in a branch, and the event belongs to the model", async () => {
    const shadowed = wrote(["shop", "mart", "aside_pr_7"]);
    const rocky = over([{ when: ["run"], json: runOutput({ materializations: [shadowed], shadow: true }) }], {
      shadowSuffixFn: () => "_pr_7",
    });
    const outcome = await run(models, rocky, [key("aside")]);
    expect(engine?.calls()[0]?.join(" ")).toBe(
      "run --model aside --pipeline marts --shadow --shadow-suffix _pr_7",
    );
    expect(eventLines(outcome.events)).toEqual(["materialize shop/mart/aside"]);
    expect(outcome.events[0]?.metadata).toMatchObject({
      "rocky/shadow": true,
      "dagster-rocky/target_table_full_name": "shop.mart.aside_pr_7",
    });
  });
});

describe("partitions", () => {
  const hourly: DagGroupPlan = { ...models, grain: "hour", nodes: [model("visits")] };
  const visit = (partition: string) =>
    wrote(key("visits").path, { partition: { key: partition, start: "", end: "" } });

  test("one key is passed in the engine's form", async () => {
    const rocky = over([{ when: ["run"], json: runOutput({ materializations: [visit("2025-05-01T13")] }) }]);
    const outcome = await run(hourly, rocky, [key("visits")], ["2025-05-01-13:00"]);
    expect(engine?.calls()[0]?.slice(-2)).toEqual(["--partition", "2025-05-01T13"]);
    expect(eventLines(outcome.events)).toEqual(["materialize shop/mart/visits @2025-05-01-13:00"]);
  });

  test("a range is one call and one event for each key", async () => {
    const materializations = [visit("2025-05-01T13"), visit("2025-05-01T14")];
    const rocky = over([{ when: ["run"], json: runOutput({ materializations }) }]);
    const outcome = await run(hourly, rocky, [key("visits")], ["2025-05-01-13:00", "2025-05-01-14:00"]);
    expect(engine?.calls()[0]?.slice(-4)).toEqual(["--from", "2025-05-01T13", "--to", "2025-05-01T14"]);
    expect(eventLines(outcome.events)).toEqual([
      "materialize shop/mart/visits @2025-05-01-13:00",
      "materialize shop/mart/visits @2025-05-01-14:00",
    ]);
  });

  test("a key that the engine did not report fails the step, the others are recorded", async () => {
    const rocky = over([{ when: ["run"], json: runOutput({ materializations: [visit("2025-05-01T13")] }) }]);
    const outcome = await run(hourly, rocky, [key("visits")], ["2025-05-01-13:00", "2025-05-01-14:00"]);
    expect(eventLines(outcome.events)).toEqual(["materialize shop/mart/visits @2025-05-01-13:00"]);
    expect(outcome.failure?.message).toContain("2025-05-01-14:00");
  });
});

describe("derived models", () => {
  const derived: DerivedGroupPlan = {
    kind: "derivedGroup",
    opName: "rocky_models_unpartitioned",
    fallbackFilter: "region=eu",
    models: ["orders", "totals"].map((name, index, all) => ({
      key: AssetKey.of("renamed", name),
      name,
      target: target(name),
      strategy: "full_refresh",
      upstream: all.slice(0, index),
    })),
  };

  test("are built from the models folder, without copying any source again", async () => {
    const rocky = over(["orders", "totals"].map(built));
    const outcome = await run(
      derived,
      rocky,
      derived.models.map((one) => one.key),
    );
    expect(engine?.calls().map((argv) => argv.join(" "))).toEqual([
      "run --model orders --models models",
      "run --model totals --models models",
    ]);
    expect(eventLines(outcome.events)).toEqual(["materialize renamed/orders", "materialize renamed/totals"]);
  });

  test("are built all at once by an engine that refuses to build single ones, and each has its own verdict", async () => {
    const rocky = over([
      { when: ["run", "--model"], stderr: "Error: no transformation pipeline is configured", exitCode: 1 },
      {
        when: ["run", "--all"],
        json: runOutput({
          materializations: [wrote(["shop", "mart", "orders"])],
          errors: [failed(["<pipeline>"], "model 'totals' failed: boom")],
        }),
        exitCode: 2,
      },
    ]);
    const outcome = await run(
      derived,
      rocky,
      derived.models.map((one) => one.key),
    );
    expect(engine?.calls().map((argv) => argv.join(" "))).toEqual([
      "run --model orders --models models",
      "run --filter _dagster_models_only=__none__ --models models --all",
      "run --model totals --models models",
    ]);
    expect(eventLines(outcome.events)).toEqual(["materialize renamed/orders"]);
    expect(outcome.failure?.message).toContain("model 'totals' failed: boom");
  });

  test("that failed are not green", async () => {
    const rocky = over([
      { when: ["run"], json: runOutput({ errors: [failed(["orders"], "boom")] }), exitCode: 1 },
    ]);
    const outcome = await run(
      derived,
      rocky,
      derived.models.map((one) => one.key),
    );
    expect(outcome.events).toEqual([]);
    expect(outcome.failure?.message).toContain("orders: boom");
  });
});

describe("other nodes", () => {
  const node = (kind: string, extra: Partial<DagNodePlan> = {}): DagGroupPlan => ({
    kind: "dagGroup",
    opName: `rocky_dag_${kind}_unpartitioned`,
    nodeKind: kind,
    nodes: [
      {
        key: AssetKey.of("landing", kind),
        nodeId: `${kind}:landing`,
        label: `landing (${kind})`,
        pipeline: "landing",
        upstream: [],
        ...extra,
      },
    ],
  });
  const source = (id: string, region: string, tables: readonly string[]) => ({
    id,
    components: { region },
    source_type: "duckdb",
    tables: tables.map((name) => ({ name })),
  });
  const discover = {
    when: ["discover"],
    json: {
      sources: [source("src__eu", "eu", ["orders", "customers"]), source("src__us", "us", ["invoices"])],
    },
  };
  const copied = (
    region: string,
    tables: readonly string[],
    extra: object = {},
  ): readonly RecordedAnswer[] => [
    { when: ["plan", `region=${region}`], json: planOutput(region.repeat(32)) },
    {
      when: ["apply", region.repeat(32)],
      json: runOutput({ materializations: tables.map((name) => wrote(["duckdb", region, name])), ...extra }),
    },
  ];
  const landing = (kind: string) => [AssetKey.of("landing", kind)];

  test("a source is looked at, not copied", async () => {
    const outcome = await run(node("source"), over([discover]), landing("source"));
    expect(engine?.calls()).toEqual([["discover", "--pipeline", "landing"]]);
    expect(outcome.events[0]?.metadata).toMatchObject({ "rocky/source_count": 2, "rocky/table_count": 3 });
  });

  test("a load copies every source of its pipeline once", async () => {
    const rocky = over([discover, ...copied("eu", ["orders", "customers"]), ...copied("us", ["invoices"])]);
    const outcome = await run(node("load"), rocky, landing("load"));
    expect(outcome.failure).toBeUndefined();
    expect(engine?.calls().map((argv) => argv.slice(0, 5).join(" "))).toEqual([
      "discover --pipeline landing",
      "plan --filter region=eu --pipeline landing",
      `apply ${"eu".repeat(32)}`,
      "plan --filter region=us --pipeline landing",
      `apply ${"us".repeat(32)}`,
    ]);
    expect(outcome.events[0]?.metadata).toMatchObject({
      "rocky/tables_copied": 3,
      "dagster/row_count": 9,
      "dagster/duration_ms": 80,
      "rocky/plan_ids": ["eu".repeat(32), "us".repeat(32)],
    });
  });

  test("a load with one failed table is no materialization", async () => {
    const rocky = over([
      discover,
      ...copied("eu", ["orders"], { errors: [failed(["duckdb", "eu", "customers"], "no space")] }),
      ...copied("us", ["invoices"]),
    ]);
    const outcome = await run(node("load"), rocky, landing("load"));
    expect(eventLines(outcome.events)).toEqual(["observe landing/load"]);
    expect(outcome.failure?.message).toContain("duckdb/eu/customers: no space");
  });

  test("a load that leaves a discovered table out fails and names it", async () => {
    const rocky = over([discover, ...copied("eu", ["orders"]), ...copied("us", ["invoices"])]);
    const outcome = await run(node("load"), rocky, landing("load"));
    expect(outcome.failure?.message).toContain("src__eu.customers: the engine did not report it");
  });

  test("a load of files runs its pipeline", async () => {
    const json = {
      command: "load",
      source_dir: "data",
      files_loaded: 1,
      total_rows: 4,
      files: [{ file: "a.csv", target: "t" }],
    };
    const rocky = over([{ when: ["run"], json }]);
    const outcome = await run(node("load", { loadsFiles: true }), rocky, landing("load"));
    expect(engine?.calls()).toEqual([["run", "--pipeline", "landing"]]);
    expect(outcome.events[0]?.metadata).toMatchObject({ "rocky/files_loaded": 1, "dagster/row_count": 4 });
  });

  test.each(["seed", "quality", "snapshot"])(
    "a %s is a placeholder that says so, and calls nothing",
    async (kind) => {
      const outcome = await run(node(kind), over([]), landing(kind));
      expect(engine?.log()).toEqual([]);
      expect(outcome.events[0]?.metadata).toMatchObject({ "rocky/placeholder": true });
      expect(String(outcome.events[0]?.metadata["rocky/placeholder_reason"])).toContain(
        "does not say that anything was run",
      );
    },
  );
});

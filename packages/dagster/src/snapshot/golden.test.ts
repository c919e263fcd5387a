import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import {
  AssetCheckKey,
  AssetKey,
  AutomationCondition,
  asset,
  assetCheck,
  Definitions,
  job,
  MetadataValue,
  schedule,
  sensor,
  staticPartitions,
} from "../index.ts";
import { compileRepository, planRun } from "../planning/index.ts";
import {
  isRecord,
  type Json,
  parseJson,
  readItems,
  encodeWire,
  type WireValue,
  writeWire,
} from "../wire/index.ts";
import {
  partitionConfig,
  partitionNames,
  partitionSetParams,
  partitionTagsReply,
  planSnapshot,
  repositorySnapshot,
  scheduleTick,
  sensorTick,
  subsetResult,
} from "./index.ts";

/** The definitions that the recorded Python server had. */
const rawOrders = asset(
  {
    key: "raw_orders",
    group: "bronze",
    kinds: ["sqlite"],
    tags: { domain: "sales" },
    owners: ["team:data"],
    description: "raw orders",
    codeVersion: "v1",
    metadata: {
      "dagster/column_schema": MetadataValue.tableSchema({
        columns: [
          { name: "id", type: "int", description: "pk", nullable: false, unique: true },
          { name: "amount", type: "float", tags: { pii: "" } },
        ],
      }),
      "dagster/table_name": "main.raw_orders",
      note: "hello",
      url: MetadataValue.url("https://example.com"),
      n: 3,
      f: 1.5,
      flag: true,
      md: MetadataValue.markdown("# hi"),
      j: { a: 1 },
    },
  },
  () => {},
);
const column = (name: string) => ({ assetKey: AssetKey.of("raw_orders"), columnName: name });
const orders = asset(
  {
    key: "orders",
    deps: [rawOrders],
    group: "silver",
    kinds: ["duckdb", "sql"],
    metadata: {
      "dagster/column_schema": MetadataValue.tableSchema({
        columns: [
          { name: "id", type: "int" },
          { name: "total", type: "float" },
        ],
      }),
      "dagster/column_lineage": MetadataValue.columnLineage({
        total: [column("amount")],
        id: [column("id")],
      }),
    },
  },
  () => {},
);
const ordersJob = job({ name: "orders_job", selection: ["raw_orders", "orders"] });
const daily = schedule({ name: "daily", target: ordersJob, cron: "0 0 * * *" });
const mySensor = sensor({ name: "my_sensor", target: ordersJob, minimumInterval: 30 }, () => undefined);
const repository = compileRepository(
  Definitions.create({
    assets: [
      rawOrders,
      orders,
      asset(
        {
          key: "mart/revenue",
          deps: [orders],
          group: "gold",
          automationCondition: AutomationCondition.eager(),
        },
        () => {},
      ),
      asset(
        { key: "by_region", deps: [orders], group: "gold", partitions: staticPartitions(["a", "b", "c"]) },
        () => {},
      ),
    ],
    assetChecks: [
      assetCheck(
        { name: "total_positive", asset: "orders", description: "total positive", blocking: true },
        () => true,
      ),
    ],
    jobs: [ordersJob],
    schedules: [daily],
    sensors: [mySensor],
  }),
);

const golden = (name: string): string =>
  readFileSync(new URL(`../../golden/1.13.27/basic/${name}.json`, import.meta.url), "utf8");
const record = (text: string): Readonly<Record<string, Json>> => {
  const value = parseJson(text);
  if (!isRecord(value)) throw new Error("expected an object");
  return value;
};
const text = (value: WireValue): string => Buffer.concat(encodeWire(value)).toString();

describe("the recorded repository", () => {
  const ours = record(text(repositorySnapshot(repository, { deferJobs: true })));
  const theirs = record(golden("repository_deferred"));

  test.each([
    "name",
    "external_asset_checks",
    "external_partition_set_datas",
    "external_sensor_datas",
    "external_resource_data",
    "metadata",
    "utilized_env_vars",
  ])("%s is the same", (field) => expect(ours[field]).toEqual(theirs[field]));

  test("assets are byte for byte the same", () => {
    expect(writeWire(ours.external_asset_graph_data ?? null)).toBe(
      writeWire(theirs.external_asset_graph_data ?? null),
    );
  });

  test("the schedule differs only in naming its time zone", () => {
    const [schedule] = readItems(theirs.external_schedule_datas) ?? [];
    expect(ours.external_schedule_datas).toEqual([{ ...(schedule as object), execution_timezone: "UTC" }]);
  });
});

describe("recorded replies", () => {
  const asked = (assets: readonly string[] | undefined, checks?: readonly (readonly [string, string])[]) => ({
    jobName: "__ASSET_JOB",
    ...(assets === undefined ? {} : { assetSelection: assets.map(AssetKey.from) }),
    ...(checks === undefined
      ? {}
      : { checkSelection: checks.map(([key, name]) => AssetCheckKey.of(key, name)) }),
  });
  const check = ["orders", "total_positive"] as const;

  test.each([
    ["plan___ASSET_JOB", asked(undefined)],
    ["subsetplan_two", asked(["raw_orders", "orders"])],
    ["subsetplan_orders_none", asked(["orders"])],
    ["subsetplan_orders_nocheck", asked(["orders"], [])],
    ["subsetplan_orders_check", asked(["orders"], [check])],
    ["subsetplan_check_only", asked([], [check])],
  ])("%s", (name, request) => {
    const theirs = record(golden(name));
    const id = String(theirs.pipeline_snapshot_id);
    const ours = record(writeWire(planSnapshot(planRun(repository, request), { jobSnapshotId: id })));
    expect({ ...ours, executor_name: null }).toEqual({ ...theirs, executor_name: null });
  });

  test.each([
    ["subset_two", asked(["raw_orders", "orders"])],
    ["subset_check_only", asked([], [check])],
  ])("%s", (name, { assetSelection, checkSelection, jobName }) => {
    const parts = (reply: string) => {
      const data = record(reply).external_pipeline_data;
      const snapshot = isRecord(data) ? data.pipeline_snapshot : undefined;
      if (!isRecord(snapshot)) throw new Error("expected a job");
      const { dep_structure_snapshot, lineage_snapshot, name: job } = snapshot;
      return { dep_structure_snapshot, job, lineage: isRecord(lineage_snapshot) ? lineage_snapshot : {} };
    };
    const theirs = parts(golden(name));
    const parent = String(theirs.lineage.parent_snapshot_id);
    expect(
      parts(text(subsetResult(repository, { jobName, assetSelection, checkSelection }, parent))),
    ).toEqual(theirs);
  });

  test("partitions of the asset job", () => {
    const [assetJob] = repository.jobs;
    if (assetJob === undefined) throw new Error("no job");
    const name = "__ASSET_JOB_partition_set";
    expect(writeWire(partitionNames(["a", "b", "c"]))).toBe(golden(`partnames_${name}`));
    expect(writeWire(partitionConfig(assetJob, "a"))).toBe(golden(`partconfig_${name}`));
    expect(writeWire(partitionTagsReply(assetJob, "a"))).toBe(golden(`parttags_${name}`));
    expect(writeWire(partitionSetParams(assetJob, ["a", "b"]))).toBe(golden(`partparams_${name}`));
  });

  test("ticks", () => {
    expect(writeWire(scheduleTick(repository, daily, { runRequests: [{}] }, undefined))).toBe(
      golden("sched_daily"),
    );
    const result = { runRequests: [{ runKey: "k1", tags: { a: "b" } }], cursor: "1" };
    expect(writeWire(sensorTick(repository, mySensor, result, undefined, undefined))).toBe(
      golden("sensor_my_sensor"),
    );
    expect(() =>
      sensorTick(repository, mySensor, { ...result, skipReason: "no" }, undefined, undefined),
    ).toThrow("both run requests and a skip reason");
  });
});

describe("a job payload", () => {
  test("is laid out as the host cuts it", () => {
    const [first] = repository.jobs;
    if (first === undefined) throw new Error("no job");
    const reply = text(
      subsetResult(
        repository,
        { jobName: first.name, assetSelection: undefined, checkSelection: undefined },
        "p",
      ),
    );
    expect(reply).toContain('"external_pipeline_data": {"__class__": "ExternalPipelineData"');
    expect(reply).toMatch(
      /"pipeline_snapshot": \{"__class__": "PipelineSnapshot".*\}\}, "repository_python_origin"/,
    );
  });
});

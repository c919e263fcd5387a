import {
  AssetSelection,
  AutomationCondition as A,
  asset,
  assetCheck,
  assetSensor,
  Definitions,
  job,
  MetadataValue,
  multiAsset,
  multiAssetCheck,
  multiAssetSensor,
  runFailureSensor,
  runStatusSensor,
  schedule,
  sensor,
  staticPartitions,
} from "../../../packages/dagster/src/index.ts";
import { isBefore113 } from "../../host-version.ts";
import { nothing, noEvents, passes } from "./plain.ts";

export function basic(): Definitions {
  const rawOrders = asset(
    {
      key: "raw_orders",
      group: "bronze",
      kinds: ["sqlite"],
      tags: { domain: "sales" },
      owners: ["team:data", "a.b@example.com"],
      description: "raw orders",
      codeVersion: "v1",
      metadata: {
        "dagster/column_schema": MetadataValue.tableSchema({
          columns: [
            { name: "id", type: "int", description: "pk", nullable: false, unique: true },
            { name: "amount", type: "float", tags: { pii: "" } },
          ],
          constraints: ["amount > 0"],
        }),
        note: "hello",
        url: MetadataValue.url("https://example.com"),
        n: 3,
        f: 1.5,
        whole: MetadataValue.float(2),
        flag: true,
        nothing: null,
        md: MetadataValue.markdown("# hi"),
        j: { a: 1, b: [1.5, "x", null] },
        path: MetadataValue.path("/tmp/x"),
        notebook: MetadataValue.notebook("/tmp/x.ipynb"),
        at: new Date("2026-01-01T00:00:00Z"),
        asset: MetadataValue.asset("a/b"),
        run: MetadataValue.run("r1"),
        job: MetadataValue.job("orders_job", "shop"),
        python: MetadataValue.pythonArtifact("shop.assets", "orders"),
        pool: MetadataValue.pool("p"),
        table: MetadataValue.table([{ x: 1, y: "z" }], {
          columns: [
            { name: "x", type: "int" },
            { name: "y", type: "string" },
          ],
        }),
      },
    },
    nothing,
  );
  const orders = asset(
    {
      key: "orders",
      deps: [rawOrders],
      group: "silver",
      kinds: ["duckdb", "sql"],
      metadata: {
        "dagster/column_lineage": MetadataValue.columnLineage({
          total: [{ assetKey: "raw_orders", columnName: "amount" }],
        }),
      },
    },
    nothing,
  );
  const revenue = asset(
    { key: "mart/revenue", deps: [orders], group: "gold", automationCondition: A.eager() },
    nothing,
  );
  const byRegion = asset(
    {
      key: "by_region",
      deps: ["orders"],
      group: isBefore113 ? "regions" : "gold/regions",
      partitions: staticPartitions(["a", "b", "c"]),
    },
    nothing,
  );
  const ordersJob = job({
    name: "orders_job",
    selection: ["raw_orders", "orders"],
    tags: { t: "1" },
    description: "d",
  });
  return Definitions.create({
    assets: [rawOrders, orders, revenue, byRegion],
    assetChecks: [
      assetCheck(
        { name: "total_positive", asset: "orders", description: "total positive", blocking: true },
        passes,
      ),
      assetCheck({ name: "same_count", asset: "raw_orders", additionalDeps: ["elsewhere"] }, passes),
    ],
    jobs: [
      ordersJob,
      job({ name: "gold_up", selection: AssetSelection.upstream(AssetSelection.keys("mart/revenue"), 1) }),
    ],
    schedules: [
      schedule({ name: "daily", target: ordersJob, cron: "0 0 * * *" }),
      schedule({
        name: "running",
        target: AssetSelection.groups("gold"),
        cron: ["0 1 * * *", "0 2 * * *"],
        timezone: "Europe/Paris",
        defaultStatus: "RUNNING",
        tags: { x: "y" },
        description: "s",
      }),
    ],
    sensors: [
      sensor(
        { name: "my_sensor", target: ordersJob, minimumInterval: 60, tags: { k: "v" } },
        () => undefined,
      ),
      sensor({ name: "selecting", target: ["orders"], defaultStatus: "RUNNING" }, () => undefined),
      assetSensor({ name: "on_asset", asset: "mart/revenue", target: ordersJob, description: "d" }, nothing),
      multiAssetSensor({ name: "on_assets", assets: ["orders", "mart/revenue"], target: ordersJob }, nothing),
      runFailureSensor({ name: "on_failure", monitoredJobs: [ordersJob] }, nothing),
      runStatusSensor(
        { name: "on_success", status: "SUCCESS", target: ordersJob, monitorAllCodeLocations: true },
        nothing,
      ),
    ],
    metadata: { "dagster/x": 1 },
  });
}

export function interleaved(): Definitions {
  return Definitions.create({
    assets: [
      multiAsset(
        {
          name: "left",
          canSubset: true,
          assets: [
            { key: "l1" },
            { key: "l2", deps: ["r1"] },
            { key: "l3", deps: ["r2", "l1"] },
            { key: "l4", deps: ["l3"] },
          ],
          checks: [
            { name: "k", asset: "l2", blocking: true },
            { name: "k", asset: "l4" },
          ],
        },
        noEvents,
      ),
      multiAsset(
        {
          name: "right",
          canSubset: true,
          assets: [
            { key: "r1", deps: ["l1"] },
            { key: "r2", deps: ["l2"] },
            { key: "r3", deps: ["src"] },
          ],
        },
        noEvents,
      ),
    ],
    assetChecks: [
      multiAssetCheck(
        {
          name: "over",
          canSubset: true,
          checks: [
            { name: "o2", asset: "r2" },
            { name: "o3", asset: "r2" },
          ],
        },
        noEvents,
      ),
    ],
    jobs: [job({ name: "part", selection: ["l1", "l2", "r1"] })],
  });
}

import {
  asset,
  assetCheck,
  assetSensor,
  Definitions,
  job,
  multiAssetSensor,
  runFailureSensor,
  schedule,
  sensor,
  staticPartitions,
} from "@dagster-rocky/dagster";

const orders = asset(
  { key: "orders", kinds: ["typescript"], group: "shop", tags: { team: "sales" } },
  (context) => {
    context.log.info("reading orders");
    console.log("orders on standard output");
    return { metadata: { rows: 3 } };
  },
);

const revenue = asset({ key: "mart/revenue", deps: ["orders"], group: "mart" }, () => ({
  metadata: { total: 12.5 },
}));

const byRegion = asset(
  { key: "by_region", deps: ["orders"], partitions: staticPartitions(["eu", "us"]) },
  ({ partitionKey }) => ({ metadata: { region: partitionKey ?? "" } }),
);

const broken = asset({ key: "broken" }, () => {
  throw new Error("the warehouse said no");
});

/** Runs until it is told to stop; how politely depends on its tag. */
const slow = asset(
  { key: "slow" },
  ({ signal }) =>
    new Promise((_resolve, reject) => {
      const timer = setTimeout(() => reject(new Error("nobody stopped it")), 120_000);
      signal.addEventListener("abort", () => {
        clearTimeout(timer);
        reject(new Error("stopped"));
      });
    }),
);

const positive = assetCheck({ asset: "orders", name: "positive", blocking: true }, () => true);

const shopJob = job({ name: "shop_job", selection: ["orders", "mart/revenue"] });

const regionJob = job({ name: "region_job", selection: ["by_region"] });

export const defs = Definitions.create({
  assets: [orders, revenue, byRegion, broken, slow],
  assetChecks: [positive],
  jobs: [shopJob, regionJob],
  schedules: [schedule({ name: "hourly", cron: "0 * * * *", target: shopJob }, () => ({ runKey: "tick" }))],
  sensors: [
    sensor({ name: "watcher", target: shopJob }, ({ cursor }) =>
      cursor === undefined
        ? { cursor: "1", runRequests: [{ runKey: "first" }] }
        : { skipReason: `at ${cursor}`, cursor },
    ),
    assetSensor(
      { name: "on_order", asset: "orders", target: shopJob, minimumInterval: 5 },
      (_context, event) =>
        event.metadata.rows === 3 ? { runKey: "ordered" } : { skipReason: "not three rows" },
    ),
    multiAssetSensor(
      { name: "on_region", assets: ["by_region", "orders"], target: shopJob, minimumInterval: 5 },
      async (context) => {
        const regions = await context.latestByPartition("by_region");
        await context.consumeAll();
        return regions.has("eu") ? { runKey: "eu", tags: { region: "eu" } } : { skipReason: "no eu" };
      },
    ),
    runFailureSensor({ name: "on_failure", minimumInterval: 5 }, async ({ stepFailures, log }) => {
      for (const { stepKey, message } of await stepFailures()) log.info(`${stepKey}: ${message}`);
    }),
  ],
});

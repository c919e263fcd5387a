import {
  AssetEvent,
  AssetKey,
  asset,
  assetSensor,
  cronPartitions,
  job,
  multiAssetSensor,
  partitionedSchedule,
  runFailureSensor,
  runStatusSensor,
  type SensorOptions,
  schedule,
  sensor,
} from "@dagster-rocky/dagster";

/** From shortly before the suite on: a year of minutes would be more than any host likes to count. */
const minutes = cronPartitions({
  cron: "* * * * *",
  start: process.env.AUTOMATION_START ?? "2026-01-01T00:00",
  format: "%Y-%m-%dT%H:%M",
});

export const timed = [
  asset({ key: "each_minute" }, () => {}),
  asset({ key: "of_a_minute", partitions: minutes }, () => {}),
];
const plain = job({ name: "plain", selection: ["each_minute"] });
const partitioned = job({ name: "partitioned", selection: ["of_a_minute"], partitions: minutes });
const regional = job({ name: "regional", selection: ["by_region"] });
const succeeding = job({ name: "succeeding", selection: ["fresh"] });
const failing = job({ name: "failing", selection: ["broken"] });
export const jobs = [plain, partitioned, regional, succeeding, failing];

export const schedules = [
  schedule({ name: "every_minute", target: plain, cron: "* * * * *", defaultStatus: "RUNNING" }),
  partitionedSchedule({
    name: "by_minute",
    job: partitioned,
    defaultStatus: "RUNNING",
    runTags: { by: "minute" },
  }),
];

const running = (name: string): SensorOptions => ({
  name,
  minimumInterval: 1,
  defaultStatus: "RUNNING",
  target: plain,
});

export const sensors = [
  sensor(running("counting"), ({ cursor = "0", log }) => {
    const count = Number(cursor) + 1;
    log.info(`tick ${count}`);
    // The third tick asks again for the run of the second.
    if (count > 3) return { skipReason: "counted to three", cursor };
    return { runRequests: [{ runKey: `run-${Math.min(count, 2)}` }], cursor: String(count) };
  }),
  assetSensor({ ...running("on_asset"), asset: "source" }, (_context, event) => ({
    runKey: `source-${event.eventId}`,
    tags: { event: String(event.eventId) },
  })),
  multiAssetSensor({ ...running("on_assets"), assets: ["source", "other_source"] }, async (context) => {
    const events = await Promise.all(context.assetKeys.map((key) => context.latest(key)));
    if (events.some((event) => event === undefined)) return { skipReason: "one is missing" };
    await context.consumeAll();
    return { runKey: events.map((event) => event?.eventId).join("-") };
  }),
  runStatusSensor(
    { ...running("on_success"), status: "SUCCESS", monitoredJobs: [succeeding] },
    ({ run }) => ({
      runKey: run.runId,
      tags: { after: run.runId },
    }),
  ),
  runFailureSensor({ ...running("on_failure"), monitoredJobs: [failing] }, async ({ run, stepFailures }) => {
    const [failure] = await stepFailures();
    return { runKey: run.runId, tags: { after: run.runId, step: failure?.stepKey ?? "" } };
  }),
  sensor({ ...running("adding_regions"), target: regional }, ({ cursor }) => {
    if (cursor === "deleted") return { skipReason: "nothing left to do" };
    if (cursor === "added") {
      return {
        dynamicPartitionsRequests: [{ partitionsDefName: "regions", delete: ["us"] }],
        cursor: "deleted",
      };
    }
    return {
      dynamicPartitionsRequests: [{ partitionsDefName: "regions", add: ["eu", "us"] }],
      runRequests: [{ runKey: "eu", partitionKey: "eu" }],
      cursor: "added",
    };
  }),
  sensor({ ...running("asking_too_much"), target: regional }, () => ({
    runRequests: [{ runKey: "mars", partitionKey: "mars" }],
  })),
  sensor(running("reporting"), ({ cursor }) => {
    if (cursor !== undefined) return { skipReason: "reported" };
    const assetKey = AssetKey.of("elsewhere");
    return {
      assetEvents: [
        AssetEvent.materialize({ assetKey, metadata: { rows: 7 }, dataVersion: "v7" }),
        AssetEvent.observe({ assetKey, metadata: { seen: true } }),
        AssetEvent.check({ assetKey, checkName: "counted", passed: false, severity: "WARN" }),
      ],
      cursor: "done",
    };
  }),
];

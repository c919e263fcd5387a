import { Definitions, job, schedule, sensor } from "@dagster-rocky/dagster";
import { plausible, readings, stations } from "./readings.ts";
import { extremes, report } from "./report.ts";

const daily = job({ name: "daily", selection: ["weather/readings", "weather/extremes"] });

/** At two in the morning, for the day that is over. */
const nightly = schedule(
  { name: "nightly", cron: "0 2 * * *", timezone: "Europe/Berlin", target: daily },
  ({ scheduledExecutionTime }) => {
    const day = new Date((scheduledExecutionTime - 86_400) * 1000).toISOString().slice(0, 10);
    return { runKey: day, partitionKey: day };
  },
);

/** Writes the report once for each run of the job that it has not seen. */
const afterReadings = sensor(
  { name: "after_readings", target: ["weather/report"], minimumInterval: 30 },
  async ({ instance, cursor }) => {
    const latest = await instance.latestMaterialization({ path: ["weather", "extremes"] });
    if (latest === undefined) return { skipReason: "there are no extremes yet" };
    if (latest.runId === cursor) return { skipReason: `run ${latest.runId} is in the report` };
    return { cursor: latest.runId, runRequests: [{ runKey: latest.runId }] };
  },
);

export const defs = Definitions.create({
  assets: [stations, readings, extremes, report],
  assetChecks: [plausible],
  jobs: [daily],
  schedules: [nightly],
  sensors: [afterReadings],
});

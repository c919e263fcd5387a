import {
  asset,
  assetCheck,
  BackfillPolicy,
  dailyPartitions,
  dynamicPartitions,
  externalAsset,
  FreshnessPolicy,
  multiPartitions,
  staticPartitions,
} from "@dagster-rocky/dagster";

/** Five days that are over, so that what a suite expects does not depend on the day. */
export const days = dailyPartitions({ start: "2026-01-01", end: "2026-01-06" });
export const regions = dynamicPartitions("regions");

const nothing = (): void => {};
export const make = (key: string, ...deps: string[]) => asset({ key, deps }, nothing);

export const assets = [
  make("source"),
  make("other_source"),
  asset({ key: "source_daily", partitions: days, backfillPolicy: BackfillPolicy.singleRun() }, nothing),
  asset({ key: "in_one_run", partitions: days, backfillPolicy: BackfillPolicy.singleRun() }, nothing),
  asset({ key: "in_runs_of_two", partitions: days, backfillPolicy: BackfillPolicy.multiRun(2) }, nothing),
  asset(
    {
      key: "grid",
      partitions: multiPartitions({ day: days, letter: staticPartitions(["a", "b"]) }),
      backfillPolicy: BackfillPolicy.multiRun(1),
    },
    nothing,
  ),
  asset({ key: "by_region", partitions: regions }, nothing),
  asset({ key: "fresh", freshnessPolicy: FreshnessPolicy.timeWindow({ failWindow: 3600 }) }, nothing),
  asset({ key: "stale", freshnessPolicy: FreshnessPolicy.timeWindow({ failWindow: 60 }) }, nothing),
  asset({ key: "broken" }, () => {
    throw new Error("this asset always fails");
  }),
  externalAsset({ key: "elsewhere" }),
];

export const checks = [
  assetCheck({ name: "counted", asset: "elsewhere" }, () => true),
  assetCheck({ name: "good", asset: "other_source", blocking: true }, () => true),
];

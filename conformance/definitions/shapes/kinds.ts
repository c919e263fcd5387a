import {
  AutomationCondition as A,
  asset,
  assetCheck,
  automationSensor,
  BackfillPolicy,
  Definitions,
  dailyPartitions,
  dynamicPartitions,
  externalAsset,
  FreshnessPolicy,
  hourlyPartitions,
  job,
  MetadataValue,
  monthlyPartitions,
  multiAsset,
  multiAssetCheck,
  multiPartitions,
  observableSource,
  PartitionMapping,
  staticPartitions,
  weeklyPartitions,
} from "../../../packages/dagster/src/index.ts";
import { nothing, noEvents, passes } from "./plain.ts";

export function shapes(): Definitions {
  const daily = dailyPartitions({ start: "2026-01-01", timezone: "Europe/Paris" });
  const hourly = hourlyPartitions({ start: "2026-01-01-00:00", endOffset: 1 });
  const weekly = weeklyPartitions({
    start: "2026-01-01",
    dayOffset: 1,
    hourOffset: 3,
    exclusions: ["0 3 1 * *"],
  });
  const monthly = monthlyPartitions({ start: "2026-01-01", end: "2027-01-01", exclusions: ["2026-03-01"] });
  const multi = multiPartitions({ r: staticPartitions(["x", "y"]), date: daily });
  const aDaily = asset(
    {
      key: "a_daily",
      partitions: daily,
      backfillPolicy: BackfillPolicy.singleRun(),
      pool: "pool1",
      opTags: { team: "x" },
    },
    nothing,
  );
  const aTw = asset(
    {
      key: "a_tw",
      partitions: daily,
      deps: [
        { asset: "a_daily", partitionMapping: PartitionMapping.timeWindow({ startOffset: -1 }) },
        { asset: "a_tw", partitionMapping: PartitionMapping.timeWindow({ startOffset: -1, endOffset: -1 }) },
        { asset: "a_hourly", partitionMapping: PartitionMapping.last() },
      ],
      automationCondition: A.onCron("@daily").or(A.inProgress().not()),
      freshnessPolicy: FreshnessPolicy.timeWindow({ failWindow: 24 * 3600, warnWindow: 12 * 3600 }),
    },
    nothing,
  );
  return Definitions.create({
    assets: [
      aDaily,
      asset({ key: "a_hourly", partitions: hourly, backfillPolicy: BackfillPolicy.multiRun(7) }, nothing),
      asset({ key: "a_weekly", partitions: weekly }, nothing),
      asset({ key: "a_monthly", partitions: monthly }, nothing),
      asset(
        {
          key: "a_multi",
          partitions: multi,
          deps: [{ asset: "a_daily", partitionMapping: PartitionMapping.multiToSingle("date") }],
        },
        nothing,
      ),
      asset(
        {
          key: "a_dyn",
          partitions: dynamicPartitions("dynp"),
          deps: [{ asset: "a_multi", partitionMapping: PartitionMapping.all() }],
        },
        nothing,
      ),
      aTw,
      asset(
        {
          key: "a_static",
          partitions: staticPartitions(["1", "2"]),
          deps: [
            { asset: "elsewhere", partitionMapping: PartitionMapping.static({ x: ["1"], y: ["1", "2"] }) },
            { asset: "a_daily", partitionMapping: PartitionMapping.specific("2026-01-01") },
          ],
        },
        nothing,
      ),
      multiAsset(
        {
          name: "multi_op",
          description: "several",
          canSubset: true,
          pool: "p2",
          opTags: { k: "v" },
          assets: [
            { key: "m1", group: "g", kinds: ["rocky"], codeVersion: "2", skippable: true },
            { key: "m2", deps: ["m1", "ext_src"], skippable: true, description: "second" },
            { key: ["deep", "m-3.x"], deps: ["m2"] },
          ],
          checks: [
            { name: "chk", asset: "m1", blocking: true },
            { name: "chk2", asset: "m2" },
          ],
        },
        noEvents,
      ),
      multiAsset({ name: "together", assets: [{ key: "t1" }, { key: "t2", deps: ["t1", "m1"] }] }, noEvents),
      externalAsset({
        key: "ext_src",
        group: "sources",
        metadata: { "dagster/uri": "s3://x" },
        freshnessPolicy: FreshnessPolicy.cron({ deadlineCron: "0 9 * * *", lowerBoundDelta: 3600 }),
      }),
      observableSource({ key: "obs_src", automationCondition: A.cronTickPassed("@hourly") }, nothing),
      asset(
        {
          key: "down",
          deps: ["ext_src", "obs_src"],
          metadata: {
            "dagster/code_references": MetadataValue.codeReferences([
              { kind: "local", filePath: "/x.py", lineNumber: 3, label: "lbl" },
              { kind: "url", url: "https://x" },
            ]),
          },
          checks: [{ name: "inline" }],
        },
        nothing,
      ),
    ],
    assetChecks: [
      multiAssetCheck(
        {
          name: "two_checks",
          canSubset: true,
          checks: [
            { name: "c1", asset: "down" },
            { name: "c2", asset: "m1", additionalDeps: ["t1"] },
          ],
        },
        noEvents,
      ),
      assetCheck({ name: "auto_check", asset: "down", automationCondition: A.eager() }, passes),
    ],
    jobs: [
      job({
        name: "pj",
        selection: [aDaily.specs[0]?.key ?? "", "a_tw"],
        partitions: daily,
        tags: { t: "1" },
      }),
      job({ name: "hj", selection: ["a_hourly"] }),
    ],
    sensors: [automationSensor({ name: "auto", target: ["a_tw"], defaultStatus: "RUNNING" })],
  });
}

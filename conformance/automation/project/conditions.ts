import {
  AssetSelection,
  AutomationCondition as A,
  asset,
  assetCheck,
  automationSensor,
  job,
} from "@dagster-rocky/dagster";
import { days, make, regions } from "./assets.ts";

/** Dagster 1.12 knows no conditions on freshness and on jobs. */
const isBefore113 = /^1\.12(\.|$)/.test(process.env.DAGSTER_HOST_VERSION ?? "");
const nothing = (): void => {};
const EVERY_MINUTE = "* * * * *";

/** What these assets wait for really happens. */
const launched = {
  eager: { deps: ["source"], automationCondition: A.eager() },
  eager_chain: { deps: ["eager"], automationCondition: A.eager() },
  on_missing: { partitions: regions, automationCondition: A.onMissing() },
  on_cron: { deps: ["often"], automationCondition: A.onCron(EVERY_MINUTE) },
  on_tagged_run: {
    deps: ["source"],
    automationCondition: A.anyDepsMatch(A.anyNewUpdateHasRunTags({ values: { origin: "suite" } })),
  },
  on_passed_check: {
    deps: ["other_source"],
    automationCondition: A.anyDepsMatch(
      A.newlyUpdated().and(A.allChecksMatch(A.checkPassed(), { blockingOnly: true })),
    ).sinceLastHandled(),
  },
  ignoring: {
    deps: ["source", "other_source"],
    automationCondition: A.anyDepsUpdated().ignore(AssetSelection.keys("source")),
  },
  eager_daily: { deps: ["source_daily"], partitions: days, automationCondition: A.eager() },
} as const;

/** Every condition and operator, each true or false as it likes, beside one that never is. */
const probed: Readonly<Record<string, A>> = {
  missing: A.missing(),
  newly_missing: A.newlyMissing(),
  newly_updated: A.newlyUpdated(),
  newly_requested: A.newlyRequested(),
  will_be_requested: A.willBeRequested(),
  initial_evaluation: A.initialEvaluation(),
  run_in_progress: A.runInProgress(),
  backfill_in_progress: A.backfillInProgress(),
  in_progress: A.inProgress(),
  execution_failed: A.executionFailed(),
  executed_with_root_target: A.anyDepsMatch(A.executedWithRootTarget()),
  executed_with_tags: A.executedWithTags({ keys: ["a"], values: { b: "c" } }),
  all_new_updates_have_run_tags: A.allNewUpdatesHaveRunTags({ keys: ["a"] }),
  any_new_update_has_run_tags: A.anyNewUpdateHasRunTags({ keys: ["a"] }),
  code_version_changed: A.codeVersionChanged(),
  data_version_changed: A.dataVersionChanged(),
  cron_tick_passed: A.cronTickPassed(EVERY_MINUTE, "Europe/Paris"),
  in_latest_time_window: A.inLatestTimeWindow(3600),
  any_deps_updated: A.anyDepsUpdated(),
  any_deps_missing: A.anyDepsMissing(),
  any_deps_in_progress: A.anyDepsInProgress(),
  all_deps_blocking_checks_passed: A.allDepsBlockingChecksPassed(),
  all_deps_updated_since_cron: A.allDepsUpdatedSinceCron(EVERY_MINUTE),
  all_deps_match: A.allDepsMatch(A.missing()),
  any_checks_match: A.anyDepsMatch(A.anyChecksMatch(A.checkFailed())),
  asset_matches: A.assetMatches("source", A.missing()),
  any_downstream_conditions: A.anyDownstreamConditions(),
  or_not: A.missing().or(A.inProgress().not()).not(),
  since: A.newlyUpdated().since(A.newlyRequested()),
  newly_true: A.anyDepsMissing().newlyTrue(),
  replaced: A.eager().replace("any_deps_missing", A.executionFailed()),
  without: A.eager().without(A.inProgress().not()),
  allowing: A.anyDepsMatch(A.missing()).allow(AssetSelection.keys("source")),
  ...(isBefore113
    ? {}
    : {
        freshness_passed: A.freshnessPassed(),
        freshness_warned: A.freshnessWarned(),
        freshness_failed: A.freshnessFailed(),
      }),
};

export const automated = [
  ...Object.entries(launched).map(([key, options]) => asset({ key, ...options }, nothing)),
  ...Object.entries(probed).map(([name, condition]) =>
    asset(
      {
        key: `probe_${name}`,
        deps: ["source", "other_source"],
        automationCondition: condition.and(A.missing().not()),
      },
      nothing,
    ),
  ),
  make("often"),
  make("root"),
  make("leaf", "root"),
];

export const automatedChecks = [
  assetCheck({ name: "eager_check", asset: "source", automationCondition: A.eager() }, () => true),
];

/** Only its root is looked at; the whole job is launched. */
export const automatedJobs = isBefore113
  ? []
  : [
      job({
        name: "rooted",
        selection: ["root", "leaf"],
        automationCondition: A.anyJobRootAssetsMatch(A.missing().and(A.inProgress().not())),
      }),
    ];

export const automationSensors = [
  automationSensor({
    name: "automation",
    target: AssetSelection.union(AssetSelection.all(), AssetSelection.allChecks()),
    minimumInterval: 1,
    defaultStatus: "RUNNING",
  }),
];

import {
  AssetSelection,
  AutomationCondition as A,
  asset,
  automationSensor,
  Definitions,
  job,
} from "../../../packages/dagster/src/index.ts";
import { isBefore113 } from "../../host-version.ts";
import { nothing } from "./plain.ts";

export function automation(): Definitions {
  const z = AssetSelection.keys("z");
  const conditions: Readonly<Record<string, A>> = {
    eager: A.eager(),
    on_cron: A.onCron("0 5 * * 1", "Europe/Paris"),
    on_missing: A.onMissing(),
    and_or: A.missing()
      .and(A.newlyUpdated(), A.inProgress())
      .or(A.codeVersionChanged().or(A.executionFailed().not())),
    since: A.dataVersionChanged().since(A.newlyRequested()).withLabel("x"),
    handled: A.newlyMissing().sinceLastHandled(),
    newly_true: A.anyDepsMissing().newlyTrue(),
    deps: A.anyDepsMatch(A.missing()).and(A.allDepsMatch(A.newlyUpdated().or(A.willBeRequested()))),
    checks: A.anyChecksMatch(A.checkFailed(), { blockingOnly: true }).or(A.allChecksMatch(A.checkPassed())),
    blocking: A.eager().and(A.allDepsBlockingChecksPassed()),
    window: A.inLatestTimeWindow(49 * 3600),
    allow: A.eager().allow(AssetSelection.groups("g")).ignore(z),
    replaced: A.eager().replace("any_deps_updated", A.anyDepsUpdated().ignore(z)),
    without: A.eager().without(A.anyDepsMissing().not()),
    matches: A.assetMatches("other", A.newlyUpdated()),
    downstream: A.anyDownstreamConditions(),
    last_run: A.executedWithTags({ keys: ["b", "a"], values: { d: "1", c: "2" } })
      .or(A.executedWithTags())
      .and(A.executedWithRootTarget().not()),
    new_updates: A.anyNewUpdateHasRunTags({ keys: ["x"] }).or(
      A.allNewUpdatesHaveRunTags({ values: { x: "y" } }),
    ),
    requested: A.initialEvaluation().or(A.backfillInProgress(), A.runInProgress(), A.newlyMissing()),
    updated_since: A.allDepsUpdatedSinceCron("0 5 * * 1", "Europe/Paris").or(A.anyDepsInProgress()),
    nested: A.anyDepsMatch(A.anyDepsMatch(A.missing()).ignore(z)).allow(z).allow(AssetSelection.groups("g")),
    swapped: A.onCron("@daily").replace(A.inLatestTimeWindow(), A.inLatestTimeWindow(3600)),
    ...(isBefore113 ? {} : { fresh: A.freshnessFailed().or(A.freshnessWarned(), A.freshnessPassed().not()) }),
  };
  const missingRoots = A.anyJobRootAssetsMatch(A.missing());
  return Definitions.create({
    assets: Object.entries(conditions).map(([key, automationCondition]) =>
      asset({ key, automationCondition }, nothing),
    ),
    jobs: isBefore113
      ? []
      : [
          job({ name: "roots", selection: ["eager"], automationCondition: missingRoots }),
          job({
            name: "all_roots",
            selection: ["on_cron", "eager"],
            automationCondition: A.allJobRootAssetsMatch(A.eager())
              .and(A.anyJobRootAssetsMatch(A.cronTickPassed("@daily")))
              .or(A.anyJobRootAssetsMatch(A.executedWithTags({ keys: ["b", "a"], values: { d: "1" } }))),
          }),
        ],
    sensors: [
      automationSensor({ name: "no_backfills", target: ["eager", "on_cron"], emitBackfills: false }),
      automationSensor({ name: "tagged", target: ["deps"], metadata: { owner: "x" } }),
    ],
  });
}

/** Methods of this side, so that a condition of the host without a counterpart here is noticed. */
export const conditionMethods: readonly string[] = [
  ...Object.getOwnPropertyNames(A),
  ...Object.getOwnPropertyNames(A.prototype),
];

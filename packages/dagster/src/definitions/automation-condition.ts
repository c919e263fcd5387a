import type { AutomationCondition as Shape, AutomationConditionNode } from "./automation.ts";
import { isCron } from "./calendar/cron.ts";
import { conditionName } from "./condition-name.ts";
import { AND, labelOf, limit, mapChildren, OR, operandsOf } from "./condition-tree.ts";
import { DefinitionsError } from "./errors.ts";
import { AssetKey, type AssetKeyLike } from "./keys.ts";
import type { AssetSelection } from "./selection.ts";

type Fields = Readonly<Record<string, unknown>>;

/** Tags that a run must carry: all of these names, and all of these values. */
interface RunTags {
  readonly keys?: readonly string[];
  readonly values?: Readonly<Record<string, string>>;
}

/**
 * When an asset or check should run, as a tree that the daemon evaluates. Trees are made with the functions
 * of the same name and combined with `and`, `or`, `not`, `since`.
 */
export class AutomationCondition implements Shape {
  readonly kind = "automationCondition";
  readonly tree: AutomationConditionNode;

  private constructor(tree: AutomationConditionNode) {
    this.tree = tree;
  }

  get label(): string {
    return labelOf(this.tree) ?? "";
  }

  private static make(className: string, fields: Fields = {}): AutomationCondition {
    return new AutomationCondition({ className, fields: { label: null, ...fields } });
  }

  // Combinators.

  and(...others: Shape[]): AutomationCondition {
    return this.joined(AND, others);
  }

  or(...others: Shape[]): AutomationCondition {
    return this.joined(OR, others);
  }

  not(): AutomationCondition {
    return AutomationCondition.make("NotAssetCondition", { operand: this.tree });
  }

  /** True from when this became true until `reset` does. */
  since(reset: Shape): AutomationCondition {
    return AutomationCondition.make("SinceCondition", {
      trigger_condition: this.tree,
      reset_condition: reset.tree,
    });
  }

  /** True on the tick on which this becomes true. */
  newlyTrue(): AutomationCondition {
    return AutomationCondition.make("NewlyTrueCondition", { operand: this.tree });
  }

  /** True from when this became true until the target is requested or updated. */
  sinceLastHandled(): AutomationCondition {
    const handled = AutomationCondition.newlyRequested().or(
      AutomationCondition.newlyUpdated(),
      AutomationCondition.initialEvaluation(),
    );
    return this.since(handled.withLabel("handled"));
  }

  withLabel(label: string): AutomationCondition {
    return new AutomationCondition({ ...this.tree, fields: { ...this.tree.fields, label } });
  }

  /** Everywhere in the tree, the condition with this label (or equal to `old`) becomes `replacement`. */
  replace(old: string | Shape, replacement: Shape): AutomationCondition {
    const wanted = typeof old === "string" ? undefined : JSON.stringify(old.tree);
    const isOld = (node: AutomationConditionNode): boolean =>
      wanted === undefined ? labelOf(node) === old : JSON.stringify(node) === wanted;
    const walk = (node: AutomationConditionNode): AutomationConditionNode =>
      isOld(node) ? replacement.tree : mapChildren(node, walk);
    return new AutomationCondition(walk(this.tree));
  }

  /** The same without one of the conditions that were joined with `and`. */
  without(condition: Shape): AutomationCondition {
    const unwanted = JSON.stringify(condition.tree);
    const all = operandsOf(this.tree);
    const operands = all.filter((operand) => JSON.stringify(operand) !== unwanted);
    if (this.tree.className !== AND || operands.length === all.length || operands.length < 2) {
      throw new DefinitionsError(
        "`without` takes one of at least three conditions that were joined with `and`",
      );
    }
    return new AutomationCondition({ ...this.tree, fields: { ...this.tree.fields, operands } });
  }

  /** Parts that look at dependencies or checks look only at these. */
  allow(selection: AssetSelection): AutomationCondition {
    return new AutomationCondition(limit(this.tree, "allow_selection", selection));
  }

  /** Parts that look at dependencies or checks do not look at these. */
  ignore(selection: AssetSelection): AutomationCondition {
    return new AutomationCondition(limit(this.tree, "ignore_selection", selection));
  }

  /** Unlabelled conditions of the same operator are joined into one list. */
  private joined(className: string, others: readonly Shape[]): AutomationCondition {
    const operands = [this, ...others].flatMap(({ tree }) =>
      tree.className === className && labelOf(tree) === null ? operandsOf(tree) : [tree],
    );
    return AutomationCondition.make(className, { operands });
  }

  // Ready-made conditions.

  /** When dependencies update or the target becomes missing, as soon as nothing stands in the way. */
  static eager(): AutomationCondition {
    return AutomationCondition.inLatestTimeWindow()
      .and(
        AutomationCondition.newlyMissing().or(AutomationCondition.anyDepsUpdated()).sinceLastHandled(),
        AutomationCondition.anyDepsMissing().not(),
        AutomationCondition.anyDepsInProgress().not(),
        AutomationCondition.inProgress().not(),
      )
      .withLabel("eager");
  }

  /** Once per tick of the cron, after all dependencies have updated since that tick. */
  static onCron(cron: string, timezone = "UTC"): AutomationCondition {
    return AutomationCondition.inLatestTimeWindow()
      .and(
        AutomationCondition.cronTickPassed(cron, timezone).sinceLastHandled(),
        AutomationCondition.allDepsUpdatedSinceCron(cron, timezone),
      )
      .withLabel(`on_cron(${cron}, ${timezone})`);
  }

  /** When the target is missing and no dependency is. */
  static onMissing(): AutomationCondition {
    const missing = AutomationCondition.missing().newlyTrue().sinceLastHandled();
    return AutomationCondition.inLatestTimeWindow()
      .and(missing.withLabel("missing_since_last_handled"), AutomationCondition.anyDepsMissing().not())
      .withLabel("on_missing");
  }

  // Operators on neighbours.

  static anyDepsMatch(condition: Shape): AutomationCondition {
    return AutomationCondition.make("AnyDepsCondition", depsFields(condition));
  }

  static allDepsMatch(condition: Shape): AutomationCondition {
    return AutomationCondition.make("AllDepsCondition", depsFields(condition));
  }

  static anyChecksMatch(condition: Shape, options: { blockingOnly?: boolean } = {}): AutomationCondition {
    return AutomationCondition.make("AnyChecksCondition", checkFields(condition, options.blockingOnly));
  }

  static allChecksMatch(condition: Shape, options: { blockingOnly?: boolean } = {}): AutomationCondition {
    return AutomationCondition.make("AllChecksCondition", checkFields(condition, options.blockingOnly));
  }

  /** True when the condition holds for that asset. */
  static assetMatches(asset: AssetKeyLike, condition: Shape): AutomationCondition {
    const key = { className: "AssetKey", fields: { path: AssetKey.from(asset).path } };
    return AutomationCondition.make("EntityMatchesCondition", { key, operand: condition.tree });
  }

  /** True when a downstream asset's own condition holds. */
  static anyDownstreamConditions(): AutomationCondition {
    return AutomationCondition.make("AnyDownstreamConditionsCondition");
  }

  /** For jobs: true when the condition holds for an asset of the job that depends on no other asset of it. */
  static anyJobRootAssetsMatch(condition: Shape): AutomationCondition {
    return AutomationCondition.make("AnyJobRootAssetsMatchCondition", { operand: condition.tree }).withLabel(
      `any_job_root_assets_match(${conditionName(condition.tree)})`,
    );
  }

  /** For jobs: true when the condition holds for every asset of the job that depends on no other asset of it. */
  static allJobRootAssetsMatch(condition: Shape): AutomationCondition {
    return AutomationCondition.make("AllJobRootAssetsMatchCondition", { operand: condition.tree }).withLabel(
      `all_job_root_assets_match(${conditionName(condition.tree)})`,
    );
  }

  static anyDepsUpdated(): AutomationCondition {
    const withoutRoot = AutomationCondition.newlyUpdated()
      .and(AutomationCondition.executedWithRootTarget().not())
      .withLabel("newly_updated_without_root");
    return AutomationCondition.anyDepsMatch(withoutRoot.or(AutomationCondition.willBeRequested())).withLabel(
      "any_deps_updated",
    );
  }

  static anyDepsMissing(): AutomationCondition {
    const missing = AutomationCondition.missing().and(AutomationCondition.willBeRequested().not());
    return AutomationCondition.anyDepsMatch(missing).withLabel("any_deps_missing");
  }

  static anyDepsInProgress(): AutomationCondition {
    return AutomationCondition.anyDepsMatch(AutomationCondition.inProgress()).withLabel(
      "any_deps_in_progress",
    );
  }

  static allDepsBlockingChecksPassed(): AutomationCondition {
    const passed = AutomationCondition.checkPassed().or(AutomationCondition.willBeRequested());
    return AutomationCondition.allDepsMatch(
      AutomationCondition.allChecksMatch(passed, { blockingOnly: true }).withLabel(
        "all_blocking_checks_passed",
      ),
    ).withLabel("all_deps_blocking_checks_passed");
  }

  static allDepsUpdatedSinceCron(cron: string, timezone = "UTC"): AutomationCondition {
    const updated = AutomationCondition.newlyUpdated().since(
      AutomationCondition.cronTickPassed(cron, timezone),
    );
    return AutomationCondition.allDepsMatch(updated.or(AutomationCondition.willBeRequested())).withLabel(
      `all_deps_updated_since_cron(${cron}, ${timezone})`,
    );
  }

  // Operands about the target itself.

  static missing(): AutomationCondition {
    return AutomationCondition.make("MissingAutomationCondition");
  }

  static newlyMissing(): AutomationCondition {
    return AutomationCondition.missing().newlyTrue().withLabel("newly_missing");
  }

  static newlyUpdated(): AutomationCondition {
    return AutomationCondition.make("NewlyUpdatedCondition");
  }

  static newlyRequested(): AutomationCondition {
    return AutomationCondition.make("NewlyRequestedCondition");
  }

  static willBeRequested(): AutomationCondition {
    return AutomationCondition.make("WillBeRequestedCondition");
  }

  static initialEvaluation(): AutomationCondition {
    return AutomationCondition.make("InitialEvaluationCondition");
  }

  static runInProgress(): AutomationCondition {
    return AutomationCondition.make("InProgressAutomationCondition");
  }

  static backfillInProgress(): AutomationCondition {
    return AutomationCondition.make("BackfillInProgressAutomationCondition");
  }

  static inProgress(): AutomationCondition {
    return AutomationCondition.runInProgress()
      .or(AutomationCondition.backfillInProgress())
      .withLabel("in_progress");
  }

  static executionFailed(): AutomationCondition {
    return AutomationCondition.make("FailedAutomationCondition");
  }

  /** The last run of the target also ran the asset that the whole condition belongs to. */
  static executedWithRootTarget(): AutomationCondition {
    return AutomationCondition.make("LatestRunExecutedWithRootTargetCondition");
  }

  /** The last run of the target carries these tags; without any, the target has been run at all. */
  static executedWithTags(tags: RunTags = {}): AutomationCondition {
    return AutomationCondition.make("LatestRunExecutedWithTagsCondition", runTags(tags));
  }

  /** The target was updated since the last tick, by at least one run that carries these tags. */
  static anyNewUpdateHasRunTags(tags: RunTags = {}): AutomationCondition {
    return AutomationCondition.make("AnyNewUpdateHasRunTagsCondition", runTags(tags));
  }

  /** The target was updated since the last tick, only by runs that carry these tags. */
  static allNewUpdatesHaveRunTags(tags: RunTags = {}): AutomationCondition {
    return AutomationCondition.make("AllNewUpdatesHaveRunTagsCondition", runTags(tags));
  }

  static codeVersionChanged(): AutomationCondition {
    return AutomationCondition.make("CodeVersionChangedCondition");
  }

  static dataVersionChanged(): AutomationCondition {
    return AutomationCondition.make("DataVersionChangedCondition");
  }

  static checkPassed(): AutomationCondition {
    return AutomationCondition.make("CheckResultCondition", { passed: true });
  }

  static checkFailed(): AutomationCondition {
    return AutomationCondition.make("CheckResultCondition", { passed: false });
  }

  static freshnessPassed(): AutomationCondition {
    return freshness("PASS", "freshness_passed");
  }

  static freshnessWarned(): AutomationCondition {
    return freshness("WARN", "freshness_warned");
  }

  static freshnessFailed(): AutomationCondition {
    return freshness("FAIL", "freshness_failed");
  }

  static cronTickPassed(cron: string, timezone = "UTC"): AutomationCondition {
    if (!isCron(cron)) throw new DefinitionsError(`\`${cron}\` is not a cron string of five fields`);
    return AutomationCondition.make("CronTickPassedCondition", {
      cron_schedule: cron,
      cron_timezone: timezone,
    });
  }

  /** With `lookback` (seconds), also windows that end so much before the latest one does. */
  static inLatestTimeWindow(lookback?: number): AutomationCondition {
    return AutomationCondition.make("InLatestTimeWindowCondition", {
      serializable_lookback_timedelta: lookback === undefined ? null : timeDelta(lookback),
    });
  }

  /** One condition of any class that the host knows; for classes that have no function here. */
  static ofClass(className: string, fields: Fields = {}): AutomationCondition {
    return AutomationCondition.make(className, fields);
  }
}

const depsFields = (condition: Shape): Fields => ({
  operand: condition.tree,
  allow_selection: null,
  ignore_selection: null,
});

const checkFields = (condition: Shape, blockingOnly = false): Fields => ({
  ...depsFields(condition),
  blocking_only: blockingOnly,
});

const freshness = (state: string, label: string): AutomationCondition =>
  AutomationCondition.ofClass("FreshnessResultCondition", {
    state: { enumMember: `FreshnessState.${state}` },
  }).withLabel(label);

const timeDelta = (seconds: number): AutomationConditionNode => ({
  className: "SerializableTimeDelta",
  fields: { days: Math.floor(seconds / 86_400), seconds: Math.floor(seconds % 86_400), microseconds: 0 },
});

const runTags = ({ keys, values }: RunTags): Fields => ({
  tag_keys: keys === undefined ? null : { textSet: [...new Set(keys)].sort() },
  tag_values: values === undefined ? null : { textMap: values },
});

import { AutomationCondition } from "../../definitions/automation-condition.ts";
import { didYouMean } from "../../text-distance.ts";
import { type Arguments, templateFunction } from "./arguments.ts";
import { isTimeSpan } from "./datetime-scope.ts";
import { Namespace, Opaque, type TemplateFunction, Undefined } from "./values.ts";

const isCondition = (value: unknown): value is AutomationCondition => value instanceof AutomationCondition;

const condition = (args: Arguments, name: string): AutomationCondition =>
  args.made(name, isCondition, "an automation condition, such as dg.AutomationCondition.missing()");

const CRON = ["cron_schedule", "cron_timezone"];
const zone = (args: Arguments): string => (args.has("cron_timezone") ? args.text("cron_timezone") : "UTC");

type Make = (args: Arguments) => AutomationCondition;

/** Python's name to its parameters and our function. */
const makers: Readonly<Record<string, readonly [parameters: readonly string[], make: Make]>> = {
  eager: [[], () => AutomationCondition.eager()],
  on_missing: [[], () => AutomationCondition.onMissing()],
  on_cron: [CRON, (args) => AutomationCondition.onCron(args.text("cron_schedule"), zone(args))],
  cron_tick_passed: [
    CRON,
    (args) => AutomationCondition.cronTickPassed(args.text("cron_schedule"), zone(args)),
  ],
  all_deps_updated_since_cron: [
    CRON,
    (args) => AutomationCondition.allDepsUpdatedSinceCron(args.text("cron_schedule"), zone(args)),
  ],
  in_latest_time_window: [
    ["lookback_delta"],
    (args) =>
      AutomationCondition.inLatestTimeWindow(
        args.has("lookback_delta")
          ? args.made("lookback_delta", isTimeSpan, "a datetime.timedelta").seconds
          : undefined,
      ),
  ],
  any_deps_match: [["condition"], (args) => AutomationCondition.anyDepsMatch(condition(args, "condition"))],
  all_deps_match: [["condition"], (args) => AutomationCondition.allDepsMatch(condition(args, "condition"))],
  any_deps_updated: [[], () => AutomationCondition.anyDepsUpdated()],
  any_deps_missing: [[], () => AutomationCondition.anyDepsMissing()],
  any_deps_in_progress: [[], () => AutomationCondition.anyDepsInProgress()],
  any_downstream_conditions: [[], () => AutomationCondition.anyDownstreamConditions()],
  all_deps_blocking_checks_passed: [[], () => AutomationCondition.allDepsBlockingChecksPassed()],
  missing: [[], () => AutomationCondition.missing()],
  newly_missing: [[], () => AutomationCondition.newlyMissing()],
  newly_updated: [[], () => AutomationCondition.newlyUpdated()],
  newly_requested: [[], () => AutomationCondition.newlyRequested()],
  will_be_requested: [[], () => AutomationCondition.willBeRequested()],
  initial_evaluation: [[], () => AutomationCondition.initialEvaluation()],
  in_progress: [[], () => AutomationCondition.inProgress()],
  run_in_progress: [[], () => AutomationCondition.runInProgress()],
  backfill_in_progress: [[], () => AutomationCondition.backfillInProgress()],
  execution_failed: [[], () => AutomationCondition.executionFailed()],
  code_version_changed: [[], () => AutomationCondition.codeVersionChanged()],
  data_version_changed: [[], () => AutomationCondition.dataVersionChanged()],
  check_passed: [[], () => AutomationCondition.checkPassed()],
  check_failed: [[], () => AutomationCondition.checkFailed()],
};

/** A condition with the methods that templates may call on it. */
const wrap = (value: AutomationCondition): Opaque => {
  const method = (name: string, parameters: readonly string[], make: Make): [string, TemplateFunction] => [
    name,
    templateFunction(name, parameters, (args) => wrap(make(args))),
  ];
  return new Opaque(
    value,
    Object.fromEntries([
      method("since", ["reset_condition"], (args) => value.since(condition(args, "reset_condition"))),
      method("newly_true", [], () => value.newlyTrue()),
      method("since_last_handled", [], () => value.sinceLastHandled()),
      method("with_label", ["label"], (args) => value.withLabel(args.text("label"))),
      method("without", ["condition"], (args) => value.without(condition(args, "condition"))),
      method("replace", ["old", "new"], (args) => {
        const old = args.raw("old");
        return value.replace(typeof old === "string" ? old : condition(args, "old"), condition(args, "new"));
      }),
    ]),
  );
};

/** `dg.AutomationCondition` and the older `automation_condition`. */
export const automationNamespace = (name: string): Namespace =>
  new Namespace(name, (attribute) => {
    const maker = Object.hasOwn(makers, attribute) ? makers[attribute] : undefined;
    if (maker === undefined) {
      return new Undefined(`${name} has no "${attribute}"${didYouMean(attribute, Object.keys(makers))}`);
    }
    const [parameters, make] = maker;
    return templateFunction(`${name}.${attribute}`, parameters, (args) => wrap(make(args)));
  });

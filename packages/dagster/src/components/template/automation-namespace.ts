import { AutomationCondition } from "../../definitions/automation-condition.ts";
import { TemplateError } from "./tokens.ts";
import { Namespace, Opaque, TemplateFunction, Undefined } from "./values.ts";

type Build = (...args: readonly string[]) => AutomationCondition;

const plain = (build: () => AutomationCondition): Build => build;
const withCron =
  (build: (cron: string, timezone?: string) => AutomationCondition): Build =>
  (cron, timezone) => {
    if (cron === undefined) throw new TemplateError("a cron schedule is expected, such as '@daily'");
    return build(cron, timezone);
  };

/** Conditions by the name that Python gives them. */
const CONDITIONS: ReadonlyMap<string, Build> = new Map([
  ["eager", plain(AutomationCondition.eager)],
  ["on_missing", plain(AutomationCondition.onMissing)],
  ["on_cron", withCron(AutomationCondition.onCron)],
  ["cron_tick_passed", withCron(AutomationCondition.cronTickPassed)],
  ["all_deps_updated_since_cron", withCron(AutomationCondition.allDepsUpdatedSinceCron)],
  ["any_deps_updated", plain(AutomationCondition.anyDepsUpdated)],
  ["any_deps_missing", plain(AutomationCondition.anyDepsMissing)],
  ["any_deps_in_progress", plain(AutomationCondition.anyDepsInProgress)],
  ["missing", plain(AutomationCondition.missing)],
  ["newly_missing", plain(AutomationCondition.newlyMissing)],
  ["newly_updated", plain(AutomationCondition.newlyUpdated)],
  ["code_version_changed", plain(AutomationCondition.codeVersionChanged)],
  ["in_progress", plain(AutomationCondition.inProgress)],
  ["execution_failed", plain(AutomationCondition.executionFailed)],
]);

/** A condition passes through templates; it can be joined with others by methods. */
const opaque = (condition: AutomationCondition): Opaque =>
  new Opaque(condition, {
    since_last_handled: new TemplateFunction("since_last_handled", () =>
      opaque(condition.sinceLastHandled()),
    ),
    newly_true: new TemplateFunction("newly_true", () => opaque(condition.newlyTrue())),
  });

/** `automation_condition.eager()`, `automation_condition.on_cron('@daily', 'Europe/Berlin')` and so on. */
export const automationNamespace = new Namespace("automation_condition", (name) => {
  const build = CONDITIONS.get(name);
  if (build === undefined) {
    return new Undefined(
      `automation_condition has no "${name}"; available: ${[...CONDITIONS.keys()].join(", ")}`,
    );
  }
  return new TemplateFunction(name, (positional, named) => {
    const given = [
      ...positional,
      ...[named.cron_schedule, named.cron_timezone].filter((value) => value !== undefined),
    ];
    return opaque(build(...given.map(String)));
  });
});

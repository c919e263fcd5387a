import type { AutomationConditionNode } from "./automation.ts";
import { labelOf } from "./condition-tree.ts";

/** Names that do not follow from the name of the class. */
const NAMES: Readonly<Record<string, string>> = {
  AndAssetCondition: "AND",
  OrAssetCondition: "OR",
  NotAssetCondition: "NOT",
  SinceCondition: "SINCE",
  NewlyTrueCondition: "NEWLY_TRUE",
  AnyDepsCondition: "ANY_DEPS_MATCH",
  AllDepsCondition: "ALL_DEPS_MATCH",
  AnyChecksCondition: "ANY_CHECKS_MATCH",
  AllChecksCondition: "ALL_CHECKS_MATCH",
  AnyDownstreamConditionsCondition: "ANY_DOWNSTREAM_CONDITIONS",
  AnyJobRootAssetsMatchCondition: "ANY_JOB_ROOT_ASSETS_MATCH",
  AllJobRootAssetsMatchCondition: "ALL_JOB_ROOT_ASSETS_MATCH",
  InProgressAutomationCondition: "run_in_progress",
  FailedAutomationCondition: "execution_failed",
  LatestRunExecutedWithRootTargetCondition: "executed_with_root_target",
  LatestRunExecutedWithTagsCondition: "executed_with_tags",
};

/** What the host shows for a condition: its label, or a name made of its class and parameters. */
export function conditionName(node: AutomationConditionNode): string {
  const label = labelOf(node);
  if (label !== null) return label;
  const { className, fields } = node;
  if (className === "CheckResultCondition") return fields.passed === true ? "check_passed" : "check_failed";
  if (className === "EntityMatchesCondition") return pathOf(fields.key);
  const parameters = parametersOf(node);
  const base = NAMES[className] ?? snakeCase(className.replace(/(Automation)?Condition$/, ""));
  return parameters.length === 0 ? base : `${base}(${parameters.join(", ")})`;
}

const snakeCase = (text: string): string =>
  text.replace(/(?<!^)[A-Z]/g, (letter) => `_${letter}`).toLowerCase();

function parametersOf({ fields }: AutomationConditionNode): readonly string[] {
  const found: string[] = [];
  if (fields.blocking_only === true) found.push("blocking_only=True");
  for (const name of ["cron_schedule", "cron_timezone"]) {
    if (typeof fields[name] === "string") found.push(`${name}=${fields[name]}`);
  }
  const { tag_keys: keys, tag_values: values, serializable_lookback_timedelta: lookback } = fields;
  if (hasField(keys, "textSet")) found.push(`tag_keys={${(keys.textSet as readonly string[]).join(",")}}`);
  if (hasField(values, "textMap")) {
    const pairs = Object.entries(values.textMap as Readonly<Record<string, string>>);
    const sorted = pairs.toSorted(([a], [b]) => (a < b ? -1 : 1));
    found.push(`tag_values={${sorted.map((pair) => pair.join(":")).join(",")}}`);
  }
  if (hasField(lookback, "fields")) found.push(`lookback_timedelta=${durationText(lookback.fields)}`);
  return found;
}

const hasField = <K extends string>(value: unknown, field: K): value is Readonly<Record<K, unknown>> =>
  typeof value === "object" && value !== null && field in value;

function pathOf(key: unknown): string {
  const fields = hasField(key, "fields") ? key.fields : undefined;
  return hasField(fields, "path") && Array.isArray(fields.path) ? fields.path.join("/") : "";
}

/** Python's text of a duration, such as `2 days, 1:00:05`. */
function durationText(parts: unknown): string {
  const part = (name: string): number => (hasField(parts, name) ? Number(parts[name]) : 0);
  const [days, seconds] = [part("days"), part("seconds")];
  const two = (value: number): string => String(value).padStart(2, "0");
  const clock = `${Math.floor(seconds / 3600)}:${two(Math.floor((seconds % 3600) / 60))}:${two(seconds % 60)}`;
  return days === 0 ? clock : `${days} day${Math.abs(days) === 1 ? "" : "s"}, ${clock}`;
}

import type { AutomationCondition, AutomationConditionNode } from "../definitions/automation.ts";
import type { AssetSelection } from "../definitions/selection.ts";
import { frozenSet, type WireObject, type WireValue, wire, wireDynamic, wireSet } from "../wire/index.ts";
import { assetSelection } from "./selection.ts";

/** The slot of asset nodes and checks that still bears the name of the policy it once held. */
export const automationPolicy = (condition: AutomationCondition): WireObject =>
  wire("AutoMaterializePolicy", {
    rules: frozenSet([]),
    max_materializations_per_minute: null,
    asset_condition: automationTree(condition.tree),
  });

export function automationTree(node: AutomationConditionNode): WireObject {
  const fields: Record<string, WireValue> = {};
  for (const [name, value] of Object.entries(node.fields)) fields[name] = fieldValue(value);
  return wireDynamic(node.className, fields);
}

const isNode = (value: object): value is AutomationConditionNode => "className" in value && "fields" in value;
const isEnumMember = (value: object): value is { readonly enumMember: string } =>
  "enumMember" in value && typeof value.enumMember === "string";
const isSelection = (value: object): value is AssetSelection =>
  "kind" in value && typeof value.kind === "string";

function fieldValue(value: unknown): WireValue {
  if (value === null || typeof value === "string" || typeof value === "boolean") return value;
  if (typeof value === "number") return value;
  if (Array.isArray(value)) return value.map(fieldValue);
  if (typeof value !== "object") return null;
  if (isNode(value)) return automationTree(value);
  if (isEnumMember(value)) return { __enum__: value.enumMember };
  if ("textSet" in value) return wireSet(value.textSet as readonly string[]);
  if ("textMap" in value) return value.textMap as Readonly<Record<string, string>>;
  if (isSelection(value)) return assetSelection(value);
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, fieldValue(inner)]));
}

/** Durations of policies, from seconds; the parts are normalised as Python does. */
export function timeDelta(seconds: number): WireObject {
  const whole = Math.floor(seconds);
  return wire("SerializableTimeDelta", {
    days: Math.floor(whole / 86_400),
    seconds: whole - Math.floor(whole / 86_400) * 86_400,
    microseconds: Math.round((seconds - whole) * 1_000_000),
  });
}

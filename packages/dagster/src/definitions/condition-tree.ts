import type { AutomationConditionNode } from "./automation.ts";
import { AssetSelection } from "./selection.ts";

export const AND = "AndAssetCondition";
export const OR = "OrAssetCondition";
const NOT = "NotAssetCondition";
const SINCE = "SinceCondition";
/** Only these look at other assets or checks, so only these can be limited to some of them. */
const LIMITABLE = new Set([
  "AnyDepsCondition",
  "AllDepsCondition",
  "AnyChecksCondition",
  "AllChecksCondition",
]);
/** Operators through which a limit reaches the operators on neighbours inside them. */
const TRANSPARENT = new Set([AND, OR, NOT, SINCE]);
const JOB_ROOTS = new Set(["AnyJobRootAssetsMatchCondition", "AllJobRootAssetsMatchCondition"]);

type Change = (child: AutomationConditionNode) => AutomationConditionNode;

const isNode = (value: unknown): value is AutomationConditionNode =>
  typeof value === "object" && value !== null && "className" in value && "fields" in value;

/** Conditions carry a label; keys and durations, which are nodes too, do not. */
const isCondition = (value: unknown): value is AutomationConditionNode =>
  isNode(value) && "label" in value.fields;

export const labelOf = (node: AutomationConditionNode): string | null =>
  typeof node.fields.label === "string" ? node.fields.label : null;

export const operandsOf = (node: AutomationConditionNode): readonly AutomationConditionNode[] =>
  Array.isArray(node.fields.operands) ? node.fields.operands.filter(isNode) : [];

/** The same node with every condition directly inside it changed. */
export function mapChildren(node: AutomationConditionNode, change: Change): AutomationConditionNode {
  const fields: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(node.fields)) {
    if (Array.isArray(value)) fields[name] = value.map((item) => (isCondition(item) ? change(item) : item));
    else fields[name] = isCondition(value) ? change(value) : value;
  }
  return { ...node, fields };
}

/** The same tree in which operators on neighbours look only at (or not at) a selection. */
export function limit(
  node: AutomationConditionNode,
  field: "allow_selection" | "ignore_selection",
  selection: AssetSelection,
): AutomationConditionNode {
  if (TRANSPARENT.has(node.className)) {
    return mapChildren(node, (child) => limit(child, field, selection));
  }
  if (!LIMITABLE.has(node.className)) return node;
  const known = node.fields[field] as AssetSelection | null;
  const limited = known === null ? selection : AssetSelection.union(selection, known);
  return { ...node, fields: { ...node.fields, [field]: limited } };
}

/** True when some part of the tree looks at the root assets of a job, without which no job can be evaluated. */
export function looksAtJobRoots(node: AutomationConditionNode): boolean {
  if (JOB_ROOTS.has(node.className)) return true;
  return Object.values(node.fields).some((value) =>
    (Array.isArray(value) ? value : [value]).some((item) => isCondition(item) && looksAtJobRoots(item)),
  );
}

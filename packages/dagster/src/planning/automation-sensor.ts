import type { SensorDefinition } from "../definitions/instigators.ts";
import { AssetSelection } from "../definitions/selection.ts";
import type { AssetGraph, AssetNode, CheckNode } from "./nodes.ts";
import { isObservable } from "./nodes.ts";
import { resolveSelection } from "./selection.ts";

const DEFAULT_NAME = "default_automation_condition_sensor";

/** What a user's automation sensor targets. */
const selectionOf = (sensor: SensorDefinition): AssetSelection =>
  sensor.target.kind === "selection" ? sensor.target.selection : AssetSelection.keys();

/**
 * The sensor that Dagster lists by itself when assets or checks carry an automation condition that no
 * automation sensor of the user covers. The daemon evaluates it; user code is never called.
 */
export function defaultAutomationSensor(
  graph: AssetGraph,
  sensors: readonly SensorDefinition[],
): SensorDefinition | undefined {
  const assets = graph.assets.filter(
    (asset) => asset.op !== undefined && asset.spec.automationCondition !== undefined,
  );
  const checks = graph.checks.filter((check) => check.spec.automationCondition !== undefined);
  if (assets.length + checks.length === 0) return undefined;
  const others = sensors.filter((sensor) => sensor.type === "AUTO_MATERIALIZE");
  const covered = new Set<AssetNode | CheckNode>();
  for (const sensor of others) {
    const resolved = resolveSelection(graph, selectionOf(sensor));
    for (const entity of [...resolved.assets, ...resolved.checks]) covered.add(entity);
  }
  const openAssets = assets.filter((asset) => !covered.has(asset));
  const openChecks = checks.filter((check) => !covered.has(check));
  if (openAssets.length + openChecks.length === 0) return undefined;
  let selection: AssetSelection = { kind: "all", includeSources: assets.some(isObservable) };
  if (openChecks.length > 0) selection = AssetSelection.union(selection, AssetSelection.allChecks());
  for (const sensor of others.toSorted((a, b) => (a.name < b.name ? -1 : 1))) {
    selection = AssetSelection.difference(selection, selectionOf(sensor));
  }
  return {
    kind: "sensor",
    name: DEFAULT_NAME,
    type: "AUTO_MATERIALIZE",
    target: { kind: "selection", selection },
    minimumIntervalSeconds: 30,
    defaultStatus: "STOPPED",
    tags: {},
    metadata: {},
    evaluate: async () => ({ skipReason: "this sensor is evaluated by the daemon" }),
  };
}

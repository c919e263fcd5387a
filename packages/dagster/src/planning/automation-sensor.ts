import type { Definitions } from "../definitions/definitions.ts";
import { DefinitionsError } from "../definitions/errors.ts";
import { ASSET_JOB_KEYS, automationSensor } from "../definitions/instigator-factories.ts";
import type { SensorDefinition } from "../definitions/instigators.ts";
import { AssetKey } from "../definitions/keys.ts";
import { AssetSelection } from "../definitions/selection.ts";
import type { AssetGraph, AssetNode, CheckNode } from "./nodes.ts";
import { isObservable } from "./nodes.ts";
import { resolveSelection } from "./selection.ts";

const DEFAULT_NAME = "default_automation_condition_sensor";

/** What a user's automation sensor targets. */
const selectionOf = (sensor: SensorDefinition): AssetSelection =>
  sensor.target.kind === "selection" ? sensor.target.selection : AssetSelection.keys();

const isAutomation = (sensor: SensorDefinition): boolean => sensor.type === "AUTO_MATERIALIZE";

/** Two sensors that evaluate one asset would both launch it. Throws `DefinitionsError`. */
export function refuseSharedTargets(graph: AssetGraph, sensors: readonly SensorDefinition[]): void {
  const owner = new Map<AssetNode, string>();
  for (const sensor of sensors.filter(isAutomation)) {
    for (const asset of resolveSelection(graph, selectionOf(sensor)).assets) {
      const other = owner.get(asset);
      if (other !== undefined) {
        throw new DefinitionsError(
          `automation sensors \`${other}\` and \`${sensor.name}\` both target asset ` +
            `\`${AssetKey.toUserString(asset.key)}\`; let only one of them do so`,
        );
      }
      owner.set(asset, sensor.name);
    }
  }
}

/**
 * The sensor that Dagster lists by itself when assets, checks or jobs carry an automation condition that no
 * automation sensor of the user covers. The daemon evaluates it; user code is never called. Selections cannot
 * name jobs, so that those with a condition are always this sensor's.
 */
export function defaultAutomationSensor(
  graph: AssetGraph,
  { sensors, jobs }: Pick<Definitions, "sensors" | "jobs">,
): SensorDefinition | undefined {
  const others = sensors.filter(isAutomation);
  const target = openSelection(graph, others);
  const jobNames = jobs.filter((job) => job.automationCondition !== undefined).map(({ name }) => name);
  if (target === undefined && jobNames.length === 0) return undefined;
  return automationSensor({
    name: DEFAULT_NAME,
    target: target ?? AssetSelection.keys(),
    metadata: jobNames.length === 0 ? {} : { [ASSET_JOB_KEYS]: jobNames.toSorted() },
  });
}

/** Everything but what the others target; undefined when they target all that carries a condition. */
function openSelection(graph: AssetGraph, others: readonly SensorDefinition[]): AssetSelection | undefined {
  const assets = graph.assets.filter(
    (asset) => asset.op !== undefined && asset.spec.automationCondition !== undefined,
  );
  const checks = graph.checks.filter((check) => check.spec.automationCondition !== undefined);
  if (assets.length + checks.length === 0) return undefined;
  const covered = new Set<AssetNode | CheckNode>();
  for (const sensor of others) {
    const resolved = resolveSelection(graph, selectionOf(sensor));
    for (const entity of [...resolved.assets, ...resolved.checks]) covered.add(entity);
  }
  const openChecks = checks.filter((check) => !covered.has(check));
  if (openChecks.length === 0 && assets.every((asset) => covered.has(asset))) return undefined;
  let selection: AssetSelection = { kind: "all", includeSources: assets.some(isObservable) };
  if (openChecks.length > 0) selection = AssetSelection.union(selection, AssetSelection.allChecks());
  for (const sensor of others.toSorted((a, b) => (a.name < b.name ? -1 : 1))) {
    selection = AssetSelection.difference(selection, selectionOf(sensor));
  }
  return selection;
}

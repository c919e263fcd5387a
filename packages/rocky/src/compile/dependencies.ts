import { RockyError } from "../errors.ts";
import { byText, layersOf } from "../graph/layers.ts";
import { componentNumbers } from "../graph/components.ts";
import type { ModelTarget } from "../models/index.ts";
import { didYouMean } from "../suggest.ts";
import type { PreparedModel } from "./prepare.ts";

type Names = readonly string[];

export interface ModelGraph {
  /** Models read or declared, sorted. */
  readonly dependsOn: ReadonlyMap<string, Names>;
  /** Models read by their target's name, sorted, without those that would close a cycle. */
  readonly runsAfter: ReadonlyMap<string, Names>;
  /** Layers of `dependsOn` alone. */
  readonly dependencyLayers: readonly Names[];
  /** Layers that respect both. */
  readonly layers: readonly Names[];
}

/** Finds out which model needs which. Throws for an unknown declared dependency and for a cycle. */
export const modelGraph = (models: ReadonlyMap<string, PreparedModel>): ModelGraph => {
  const targets = targetIndex(models);
  const dependsOn = new Map<string, Names>();
  const physical = new Map<string, Names>();
  for (const [name, prepared] of models) {
    const needed = new Set(declaredDependencies(prepared, models));
    const read = new Set<string>();
    for (const { parts } of prepared.facts.references) {
      const [first] = parts;
      if (parts.length === 1 && first !== undefined && models.has(first)) needed.add(first);
      const target = parts.length > 1 ? targets.find(parts) : undefined;
      if (target === undefined) continue;
      // Nothing is ever written for an ephemeral model, so reading its target means inlining it.
      if (models.get(target)?.model.strategy.type === "ephemeral") needed.add(target);
      else read.add(target);
    }
    needed.delete(name);
    read.delete(name);
    dependsOn.set(name, [...needed].sort(byText));
    physical.set(name, [...read].filter((other) => !needed.has(other)).sort(byText));
  }
  const layered = layersOf(dependsOn);
  if (!layered.ok) throw cycleError(layered.cycle, models);
  const runsAfter = withoutCycles(dependsOn, physical);
  const both = layersOf(joined(dependsOn, runsAfter));
  return {
    dependsOn,
    runsAfter,
    dependencyLayers: layered.layers,
    layers: both.ok ? both.layers : layered.layers,
  };
};

const declaredDependencies = (prepared: PreparedModel, models: ReadonlyMap<string, PreparedModel>): Names => {
  const { model } = prepared;
  for (const name of model.dependsOn) {
    if (models.has(name)) continue;
    const hint =
      didYouMean(name, models.keys()) ?? `models here: ${[...models.keys()].slice(0, 10).join(", ")}`;
    throw new RockyError("unknown_name", `unknown dependency '${name}' referenced by '${model.name}'`, {
      where: { file: model.configFile ?? model.file, key: "depends_on" },
      hint,
    });
  }
  return model.dependsOn;
};

const cycleError = (cycle: Names, models: ReadonlyMap<string, PreparedModel>): RockyError => {
  const model = models.get(cycle[0] ?? "")?.model;
  const path = [...cycle, cycle[0] ?? ""].join(" → ");
  return new RockyError("model_cycle", `models depend on each other in a circle: ${path}`, {
    ...(model === undefined ? {} : { where: { file: model.file } }),
    hint: "break the circle: move what both need into a model of its own",
  });
};

interface TargetIndex {
  readonly find: (parts: Names) => string | undefined;
}

const foldedTarget = (target: ModelTarget): Names =>
  [target.catalog, target.schema, target.table].map((part) => part.toLowerCase());

/** Finds a model by the two or three last names of its target; the first in order wins. */
const targetIndex = (models: ReadonlyMap<string, PreparedModel>): TargetIndex => {
  const byName = new Map<string, string>();
  for (const [name, { model }] of models) {
    const [catalog, schema, table] = foldedTarget(model.target);
    for (const key of [`${schema}.${table}`, `${catalog}.${schema}.${table}`]) {
      if (!byName.has(key)) byName.set(key, name);
    }
  }
  return { find: (parts) => byName.get(parts.join(".").toLowerCase()) };
};

const joined = (
  left: ReadonlyMap<string, Names>,
  right: ReadonlyMap<string, Names>,
): ReadonlyMap<string, Names> =>
  new Map([...left].map(([name, before]) => [name, [...before, ...(right.get(name) ?? [])]]));

/** Declared dependencies have no cycle, so dropping the physical reads inside each knot undoes all knots. */
const withoutCycles = (
  dependsOn: ReadonlyMap<string, Names>,
  physical: ReadonlyMap<string, Names>,
): ReadonlyMap<string, Names> => {
  const component = componentNumbers(joined(dependsOn, physical));
  return new Map(
    [...physical].map(([name, read]) => [
      name,
      read.filter((other) => component.get(other) !== component.get(name)),
    ]),
  );
};

import { RockyError } from "../errors.ts";
import { byText, layersOf } from "../graph/layers.ts";
import { componentNumbers } from "../graph/components.ts";
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
  const findTarget = targetFinder(models);
  const dependsOn = new Map<string, Names>();
  const physical = new Map<string, Names>();
  let anyPhysical = false;
  for (const [name, prepared] of models) {
    const needed = new Set(declaredDependencies(prepared, models));
    const read = new Set<string>();
    for (const { parts } of prepared.facts.references) {
      const [first] = parts;
      if (parts.length === 1) {
        if (first !== undefined && models.has(first)) needed.add(first);
        continue;
      }
      const target = findTarget(parts);
      if (target === undefined) continue;
      // Nothing is ever written for an ephemeral model, so reading its target means inlining it.
      if (models.get(target)?.model.strategy.type === "ephemeral") needed.add(target);
      else read.add(target);
    }
    needed.delete(name);
    read.delete(name);
    dependsOn.set(name, sortedNames(needed));
    const others = sortedNames(read).filter((other) => !needed.has(other));
    anyPhysical ||= others.length > 0;
    physical.set(name, others);
  }
  const layered = layersOf(dependsOn);
  if (!layered.ok) throw cycleError(layered.cycle, models);
  const { layers } = layered;
  if (!anyPhysical) return { dependsOn, runsAfter: physical, dependencyLayers: layers, layers };
  const runsAfter = withoutCycles(dependsOn, physical);
  const both = layersOf(joined(dependsOn, runsAfter));
  return { dependsOn, runsAfter, dependencyLayers: layers, layers: both.ok ? both.layers : layers };
};

const sortedNames = (names: ReadonlySet<string>): Names =>
  names.size < 2 ? [...names] : [...names].sort(byText);

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

/** Finds a model by the two or three last names of its target, without case; the first in order wins. */
const targetFinder = (models: ReadonlyMap<string, PreparedModel>): ((parts: Names) => string | undefined) => {
  const byName = new Map<string, { readonly name: string; readonly catalog: string }[]>();
  for (const [name, { model }] of models) {
    const { catalog, schema, table } = model.target;
    const key = `${schema}.${table}`.toLowerCase();
    const known = byName.get(key);
    if (known === undefined) byName.set(key, [{ name, catalog: catalog.toLowerCase() }]);
    else known.push({ name, catalog: catalog.toLowerCase() });
  }
  return (parts) => {
    const found = byName.get(parts.slice(-2).join(".").toLowerCase());
    if (parts.length < 3) return found?.[0]?.name;
    const catalog = parts.at(-3)?.toLowerCase();
    return found?.find((target) => target.catalog === catalog)?.name;
  };
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

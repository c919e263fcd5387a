import { byText, layersOf } from "../graph/layers.ts";
import { componentNumbers } from "../graph/components.ts";
import { RockyError } from "../errors.ts";
import type { ModelTarget } from "../models/index.ts";
import { didYouMean } from "../suggest.ts";
import type { PreparedModel } from "./prepare.ts";

type Names = readonly string[];

/** What the graph needs to know of a model. */
export interface GraphModel {
  readonly file: string;
  readonly configFile?: string;
  readonly target: ModelTarget;
  readonly ephemeral: boolean;
  /** Names in `depends_on`. */
  readonly declared: Names;
  /** The tables that its SQL names, each in its parts. */
  readonly reads: readonly Names[];
}

export const graphModel = ({ model, facts }: PreparedModel): GraphModel => ({
  file: model.file,
  ...(model.configFile === undefined ? {} : { configFile: model.configFile }),
  target: model.target,
  ephemeral: model.strategy.type === "ephemeral",
  declared: model.dependsOn,
  reads: facts.references.map(({ parts }) => parts),
});

export interface DependencyGraph {
  /** Models read or declared, sorted. */
  readonly dependsOn: ReadonlyMap<string, Names>;
  /** Models read by their target's name, sorted, without those in `dependsOn`. */
  readonly physical: ReadonlyMap<string, Names>;
  /** Layers of `dependsOn` alone. */
  readonly dependencyLayers: readonly Names[];
}

export interface ExecutionOrder {
  /** `physical` without the reads that would close a cycle. */
  readonly runsAfter: ReadonlyMap<string, Names>;
  /** Layers that respect both. */
  readonly layers: readonly Names[];
}

/** Finds out which model needs which. Throws for an unknown declared dependency and for a cycle. */
export const dependencyGraph = (models: ReadonlyMap<string, GraphModel>): DependencyGraph => {
  const findTarget = targetFinder(models);
  const dependsOn = new Map<string, Names>();
  const physical = new Map<string, Names>();
  for (const [name, model] of models) {
    refuseUnknown(name, model, models);
    const needed = new Set(model.declared);
    const read = new Set<string>();
    for (const parts of model.reads) {
      const written = parts.join(".");
      if (models.has(written)) needed.add(written);
      if (parts.length === 1) continue;
      const target = findTarget(parts);
      if (target === undefined) continue;
      // Nothing is ever written for an ephemeral model, so reading its target means inlining it.
      if (models.get(target)?.ephemeral === true) needed.add(target);
      else read.add(target);
    }
    needed.delete(name);
    read.delete(name);
    dependsOn.set(name, sortedNames(needed));
    physical.set(name, read.size === 0 ? NONE : sortedNames(read).filter((other) => !needed.has(other)));
  }
  const layered = layersOf(dependsOn);
  if (!layered.ok) throw cycleError(layered.cycle, models);
  return { dependsOn, physical, dependencyLayers: layered.layers };
};

const NONE: Names = Object.freeze([]);

/** In which order models can run, what is read by its target's name included. */
export const executionOrder = ({
  dependsOn,
  physical,
  dependencyLayers,
}: DependencyGraph): ExecutionOrder => {
  if ([...physical.values()].every((read) => read.length === 0))
    return { runsAfter: physical, layers: dependencyLayers };
  const runsAfter = withoutCycles(dependsOn, physical);
  const both = layersOf(joined(dependsOn, runsAfter));
  return { runsAfter, layers: both.ok ? both.layers : dependencyLayers };
};

const sortedNames = (names: ReadonlySet<string>): Names =>
  names.size < 2 ? [...names] : [...names].sort(byText);

const refuseUnknown = (
  by: string,
  { declared, file, configFile }: GraphModel,
  models: ReadonlyMap<string, GraphModel>,
): void => {
  for (const name of declared) {
    if (models.has(name)) continue;
    const hint =
      didYouMean(name, models.keys()) ?? `models here: ${[...models.keys()].slice(0, 10).join(", ")}`;
    throw new RockyError("unknown_name", `unknown dependency '${name}' referenced by '${by}'`, {
      where: { file: configFile ?? file, key: "depends_on" },
      hint,
    });
  }
};

const cycleError = (cycle: Names, models: ReadonlyMap<string, GraphModel>): RockyError => {
  const model = models.get(cycle[0] ?? "");
  const path = [...cycle, cycle[0] ?? ""].join(" → ");
  return new RockyError("model_cycle", `models depend on each other in a circle: ${path}`, {
    ...(model === undefined ? {} : { where: { file: model.file } }),
    hint: "break the circle: move what both need into a model of its own",
  });
};

/** Finds a model by the two or three last names of its target, without case; the first in order wins. */
const targetFinder = (models: ReadonlyMap<string, GraphModel>): ((parts: Names) => string | undefined) => {
  const byName = new Map<string, string>();
  for (const [name, { target }] of models) {
    const short = `${target.schema}.${target.table}`.toLowerCase();
    for (const key of [short, `${target.catalog.toLowerCase()}.${short}`])
      if (!byName.has(key)) byName.set(key, name);
  }
  return (parts) => byName.get(parts.slice(-3).join(".").toLowerCase());
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

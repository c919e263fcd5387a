import { byText } from "../../graph/layers.ts";
import { dependencyGraph, type GraphModel } from "../dependencies.ts";
import { refuseDuplicates } from "../prepare.ts";
import type { RecordFile } from "./record-file.ts";
import { OWN } from "./records.ts";

/** Which model needs which; models by their positions. */
export interface ProjectGraph extends Pick<RecordFile, "layers" | "byName"> {
  /** The names in `dependsOn`, as JSON. */
  readonly dependsOn: (position: number) => string;
  /** Names that are there now and were not before, or the other way round. */
  readonly cameOrWent: ReadonlySet<string>;
}

/** The graph as it was recorded. */
export const recordedGraph = (previous: RecordFile): ProjectGraph => ({
  layers: previous.layers,
  byName: previous.byName,
  dependsOn: (position) => previous.section(OWN.dependsOn, position),
  cameOrWent: new Set(),
});

const sortedPositions = (names: readonly string[]): readonly number[] =>
  [...names.keys()].sort((left, right) => byText(names[left] ?? "", names[right] ?? ""));

/** The graph of other models than those recorded. Throws for two models of one name, and for what makes no graph. */
export const newGraph = (
  names: readonly string[],
  graphOf: (position: number) => GraphModel,
  previous: RecordFile,
): ProjectGraph => {
  const byName = sortedPositions(names);
  const models = new Map(byName.map((position) => [names[position] ?? "", graphOf(position)]));
  const { dependsOn, dependencyLayers } = dependencyGraph(models);
  const positions = new Map(names.map((name, position) => [name, position]));
  const before = new Set(previous.heads.map((head) => head.name));
  return {
    byName,
    layers: dependencyLayers.map((layer) => layer.flatMap((name) => positions.get(name) ?? [])),
    dependsOn: (position) => JSON.stringify(dependsOn.get(names[position] ?? "") ?? []),
    cameOrWent: new Set([
      ...names.filter((name) => !before.has(name)),
      ...[...before].filter((name) => !positions.has(name)),
    ]),
  };
};

/** Throws when two models have one name; `fileOf` gives the files of a model. */
export const refuseSameNames = (
  names: readonly string[],
  fileOf: (position: number) => Pick<GraphModel, "file" | "configFile">,
): void => {
  if (new Set(names).size === names.length) return;
  refuseDuplicates(
    sortedPositions(names).map((position) => ({ name: names[position] ?? "", ...fileOf(position) })),
  );
};

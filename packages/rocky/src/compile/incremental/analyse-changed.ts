import { type GraphModel, graphModel } from "../dependencies.ts";
import type { PreparedModel } from "../prepare.ts";
import { diagnoseModel, diagnoseProject } from "../rules/index.ts";
import type { ModelSummary, RuleContext } from "../rules/rule.ts";
import { starReads } from "../rules/stars.ts";
import { semanticModel, type Surface, upstreamOf } from "../semantic-model.ts";
import type { SourceSchemas } from "../source-schemas.ts";
import { type LoaderInput, modelLoader } from "./model-loader.ts";
import { newGraph, type ProjectGraph, recordedGraph, refuseSameNames } from "./project-graph.ts";
import type { RecordFile } from "./record-file.ts";
import {
  type DescribedModel,
  decodeGraph,
  decodeNames,
  decodeStarReads,
  decodeSurface,
  decodeWarnings,
  encodeGraph,
  encodeSurface,
  encodeWarnings,
  OWN,
} from "./records.ts";

export interface AnalysisInput extends LoaderInput {
  readonly previous: RecordFile;
  readonly rules: Pick<RuleContext, "config" | "portability" | "imports">;
  readonly sources: SourceSchemas;
  /** Texts to keep about a model, after the engine's own sections. */
  readonly describe: (model: DescribedModel) => readonly string[];
}

export interface Analysed extends Pick<RecordFile, "layers" | "byName" | "project" | "section"> {
  /** By position. */
  readonly names: readonly string[];
  /** How many models were compiled. */
  readonly compiled: number;
  /** False when there are other models, or other dependencies, than in the records. */
  readonly sameGraph: boolean;
}

/**
 * Compiles the models whose files have changed, and those that see something else in the models they read. For all
 * others what was recorded still holds. Positions are those of the slots.
 */
export const analyseChanged = async (input: AnalysisInput): Promise<Analysed> => {
  const { slots, previous } = input;
  const loader = modelLoader(input);
  const recorded = (kind: number, position: number): string => {
    const at = slots[position]?.at;
    return at === undefined ? "" : previous.section(kind, at);
  };
  const recordedName = (at: number | undefined): string | undefined =>
    at === undefined ? undefined : previous.heads[at]?.name;

  const changed = slots.flatMap((slot, position) => (slot.changed === undefined ? [] : [position]));
  for (const position of changed) loader.build(position);
  for (const position of slots.keys()) {
    const warnings = loader.built(position)?.warnings ?? decodeWarnings(recorded(OWN.warnings, position));
    for (const warning of warnings) input.files.warn?.(warning);
  }
  const names = slots.map(({ at }, position) => loader.built(position)?.model.name ?? recordedName(at) ?? "");
  refuseSameNames(
    names,
    (position) => loader.built(position)?.model ?? decodeGraph(recorded(OWN.graph, position)).graph,
  );
  const prepared = new Map(await loader.prepare(changed));
  const graphOf = (position: number): GraphModel => {
    const fresh = prepared.get(position);
    return fresh === undefined ? decodeGraph(recorded(OWN.graph, position)).graph : graphModel(fresh);
  };
  const sameGraph =
    slots.length === previous.heads.length &&
    slots.every(({ at }, position) => at === position && names[position] === recordedName(at)) &&
    [...prepared].every(([position, model]) => encodeGraph(model) === recorded(OWN.graph, position));
  const graph = sameGraph ? recordedGraph(previous) : newGraph(names, graphOf, previous);

  const sections = new Map<number, readonly string[]>();
  const section = (kind: number, position: number): string =>
    sections.get(position)?.[kind] ?? recorded(kind, position);
  const surfaceOf = surfaceFinder(names, (position) => section(OWN.surface, position));
  const compile = (position: number, model: PreparedModel): readonly string[] => {
    const name = names[position] ?? "";
    const dependsOnText = graph.dependsOn(position);
    const dependsOn = decodeNames(dependsOnText);
    const upstream = upstreamOf(dependsOn, surfaceOf);
    const semantic = semanticModel(name, model, upstream, input.sources);
    const context: RuleContext = { ...input.rules, contracts: loader.contracts, upstream };
    return [
      encodeGraph(model),
      dependsOnText,
      encodeSurface(semantic),
      JSON.stringify(starReads(semantic, name, context)),
      encodeWarnings(loader.build(position).warnings),
      ...input.describe({
        model: model.model,
        dependsOn,
        contract: loader.contracts.get(name)?.origin,
        diagnostics: diagnoseModel(semantic, name, context),
        edges: semantic.edges,
      }),
    ];
  };

  const moved = new Set(graph.cameOrWent);
  const isStale = (position: number): boolean =>
    prepared.has(position) ||
    (!sameGraph && graph.dependsOn(position) !== recorded(OWN.dependsOn, position)) ||
    (moved.size > 0 && decodeNames(graph.dependsOn(position)).some((name) => moved.has(name)));
  for (const layer of graph.layers) {
    const stale = layer.filter(isStale);
    // Their files are as they were: only what they read has changed.
    const late = await loader.prepare(stale.filter((position) => !prepared.has(position)));
    for (const position of stale) {
      const model = prepared.get(position) ?? late.get(position);
      if (model === undefined) continue;
      const texts = compile(position, model);
      sections.set(position, texts);
      if (texts[OWN.surface] !== recorded(OWN.surface, position)) moved.add(names[position] ?? "");
    }
  }

  const sameReads = [...sections.keys()].every(
    (position) => section(OWN.starReads, position) === recorded(OWN.starReads, position),
  );
  const project =
    sameGraph && sameReads
      ? previous.project
      : JSON.stringify(
          diagnoseProject(summaries(graph, names, section), { ...input.rules, contracts: loader.contracts }),
        );
  const { layers, byName } = graph;
  return { names, layers, byName, project, section, sameGraph, compiled: sections.size };
};

/** Surfaces by model name; each is decoded once and forgotten when its model was compiled anew. */
const surfaceFinder = (
  names: readonly string[],
  textOf: (position: number) => string,
): ((name: string) => Surface | undefined) => {
  let positions: ReadonlyMap<string, number> | undefined;
  const decoded = new Map<string, Surface>();
  return (name) => {
    positions ??= new Map(names.map((one, position) => [one, position]));
    const position = positions.get(name);
    if (position === undefined) return undefined;
    // In layer order a model is compiled before any of its readers asks.
    const surface = decoded.get(name) ?? decodeSurface(textOf(position));
    decoded.set(name, surface);
    return surface;
  };
};

const summaries = (
  graph: ProjectGraph,
  names: readonly string[],
  section: RecordFile["section"],
): ReadonlyMap<string, ModelSummary> => {
  const found = new Map<string, ModelSummary>();
  for (const position of graph.layers.flat()) {
    const { file, target, ephemeral } = decodeGraph(section(OWN.graph, position)).graph;
    const reads = decodeStarReads(section(OWN.starReads, position));
    found.set(names[position] ?? "", { file, target, ephemeral, starReads: reads });
  }
  return found;
};

import type { ColumnRef, LineageEdge } from "../lineage/edge.ts";
import type { Model } from "../models/index.ts";
import type { DependencyGraph } from "./dependencies.ts";
import type { PreparedModel } from "./prepare.ts";
import type { OutputColumn } from "./project.ts";
import {
  type InputDepth,
  type KnownTable,
  knownTable,
  type ResolvedColumn,
  resolveOutputs,
} from "./resolve-outputs.ts";
import { scalarType } from "./rocky-type.ts";
import type { SourceSchemas } from "./source-schemas.ts";

/** What a model shows to the models that read it. */
export interface Surface {
  /** Columns of the query and surrogate keys. */
  readonly table: KnownTable;
  /** True when the query itself puts out columns whose names are known. */
  readonly hasColumns: boolean;
  readonly hasStar: boolean;
}

/** A model with its output columns known as far as they can be. */
export interface SemanticModel extends Surface {
  readonly prepared: PreparedModel;
  readonly columns: readonly ResolvedColumn[];
  readonly complete: boolean;
  readonly edges: readonly LineageEdge[];
}

/** How a model sees those that it depends on, and no others: what it sees must not hang on the order of compilation. */
export const upstreamOf = (
  dependsOn: readonly string[],
  surfaceOf: (name: string) => Surface | undefined,
): ((name: string) => Surface | undefined) => {
  const names = new Set(dependsOn);
  return (name) => (names.has(name) ? surfaceOf(name) : undefined);
};

/** Works through the layers, so that what a model reads is known before it is looked at. */
export const semanticModels = (
  { dependencyLayers, dependsOn }: DependencyGraph,
  models: ReadonlyMap<string, PreparedModel>,
  sources: SourceSchemas,
  depth?: InputDepth,
): ReadonlyMap<string, SemanticModel> => {
  const done = new Map<string, SemanticModel>();
  for (const name of dependencyLayers.flat()) {
    const prepared = models.get(name);
    if (prepared === undefined) continue;
    const upstream = upstreamOf(dependsOn.get(name) ?? [], (other) => done.get(other));
    done.set(name, semanticModel(name, prepared, upstream, sources, depth));
  }
  return done;
};

/** Keys that are added to the query's own columns when the model is built; readers see them too. */
export const surrogateColumns = (model: Model): readonly OutputColumn[] =>
  model.surrogateKeys.map((key) => ({ name: key.name, type: scalarType("String"), nullable: false }));

export const semanticModel = (
  name: string,
  prepared: PreparedModel,
  upstream: (name: string) => Surface | undefined,
  sources: SourceSchemas,
  depth?: InputDepth,
): SemanticModel => {
  const tableColumns = (table: string): KnownTable | undefined => {
    const model = upstream(table);
    // A model's own name means what it is about to replace, of which nothing is known here.
    if (model !== undefined || table === name) return model?.table;
    const known = sources.columnsOf(table);
    return known === undefined ? undefined : knownTable(known, true);
  };
  const { columns, complete } = resolveOutputs(prepared.facts, tableColumns, depth);
  const { query } = prepared.facts;
  const arms = query.kind === "set" ? query.arms : [query];
  return {
    prepared,
    columns,
    complete,
    hasColumns: columns.length > 0,
    hasStar: arms.some((arm) => arm.outputs.some((output) => output.kind === "star")),
    edges: columns.flatMap((column) => {
      const target: ColumnRef = { model: name, column: column.name };
      return column.inputs.map((input) => ({ source: input.source, target, transform: input.transform }));
    }),
    table: knownTable([...columns, ...surrogateColumns(prepared.model)], complete),
  };
};

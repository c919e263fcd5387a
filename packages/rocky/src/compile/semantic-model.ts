import type { ColumnRef, LineageEdge } from "../lineage/edge.ts";
import type { Model } from "../models/index.ts";
import type { PreparedModel } from "./prepare.ts";
import type { OutputColumn } from "./project.ts";
import { type KnownTable, knownTable, type ResolvedColumn, resolveOutputs } from "./resolve-outputs.ts";
import { scalarType } from "./rocky-type.ts";
import type { SourceSchemas } from "./source-schemas.ts";

/** A model with its output columns known as far as they can be. */
export interface SemanticModel {
  readonly prepared: PreparedModel;
  readonly columns: readonly ResolvedColumn[];
  readonly complete: boolean;
  readonly hasStar: boolean;
  readonly edges: readonly LineageEdge[];
  readonly table: KnownTable;
}

/** Works through the layers, so that what a model reads is known before it is looked at. */
export const semanticModels = (
  layers: readonly (readonly string[])[],
  models: ReadonlyMap<string, PreparedModel>,
  sources: SourceSchemas,
): ReadonlyMap<string, SemanticModel> => {
  const done = new Map<string, SemanticModel>();
  const tableColumns = (name: string): KnownTable | undefined => {
    if (models.has(name)) return done.get(name)?.table;
    const columns = sources.columnsOf(name);
    return columns === undefined ? undefined : knownTable(columns, true);
  };
  for (const name of layers.flat()) {
    const prepared = models.get(name);
    if (prepared !== undefined) done.set(name, semanticModel(name, prepared, tableColumns));
  }
  return done;
};

/** Keys that are added to the query's own columns when the model is built; readers see them too. */
export const surrogateColumns = (model: Model): readonly OutputColumn[] =>
  model.surrogateKeys.map((key) => ({ name: key.name, type: scalarType("String"), nullable: false }));

const semanticModel = (
  name: string,
  prepared: PreparedModel,
  tableColumns: (name: string) => KnownTable | undefined,
): SemanticModel => {
  const { columns, complete } = resolveOutputs(prepared.facts, tableColumns);
  const { query } = prepared.facts;
  const arms = query.kind === "set" ? query.arms : [query];
  return {
    prepared,
    columns,
    complete,
    hasStar: arms.some((arm) => arm.outputs.some((output) => output.kind === "star")),
    edges: columns.flatMap((column) => {
      const target: ColumnRef = { model: name, column: column.name };
      return column.inputs.map((input) => ({ source: input.source, target, transform: input.transform }));
    }),
    table: knownTable([...columns, ...surrogateColumns(prepared.model)], complete),
  };
};

import { type CompiledModel, type CompiledProject, displayType } from "../../compile/index.ts";
import type { LineageEdge } from "../../lineage/index.ts";

/** When a table was last built, and by which run. */
export interface LastRun {
  readonly runId: string;
  readonly finishedAt: string;
}

const fullName = ({ model: { target } }: CompiledModel): string =>
  [target.catalog, target.schema, target.table].filter((part) => part !== "").join(".");

export const hasStar = (model: CompiledModel): boolean =>
  model.starColumns.length > 0 || !model.columnsComplete;

const assetKind = ({ model }: CompiledModel): "Model" | "View" | "MaterializedView" => {
  if (model.strategy.type === "view") return "View";
  return model.strategy.type === "materialized_view" ? "MaterializedView" : "Model";
};

const readersOf = (project: CompiledProject, reads: (model: CompiledModel) => readonly string[]) => {
  const readers = new Map<string, string[]>();
  for (const model of project.models.values()) {
    for (const name of reads(model)) {
      const known = readers.get(name);
      if (known === undefined) readers.set(name, [model.name]);
      else known.push(model.name);
    }
  }
  return (name: string): readonly string[] => readers.get(name) ?? [];
};

export const modelAssets = (project: CompiledProject, lastRuns: ReadonlyMap<string, LastRun>) => {
  const readers = readersOf(project, (model) => model.dependsOn);
  return [...project.models.values()].map((model) => {
    const run = lastRuns.get(fullName(model));
    const { intent, columns } = model.model;
    return {
      fqn: fullName(model),
      model_name: model.name,
      kind: assetKind(model),
      columns: model.columns.map(({ name, type, nullable }) => ({
        name,
        nullable,
        ...(type.kind === "Unknown" ? {} : { data_type: displayType(type) }),
        ...(columns[name]?.description === undefined ? {} : { description: columns[name]?.description }),
      })),
      upstream_models: [...model.dependsOn, ...model.sources],
      downstream_models: readers(model.name),
      ...(intent === undefined ? {} : { intent }),
      ...(run === undefined ? {} : { last_materialized_at: run.finishedAt, last_run_id: run.runId }),
    };
  });
};

/** Tables that models read and nobody here builds, with the columns that are known to be read. */
export const sourceAssets = (project: CompiledProject) => {
  const readers = readersOf(project, (model) => model.sources);
  const names = new Set([...project.models.values()].flatMap((model) => model.sources));
  const columns = new Map<string, Set<string>>();
  for (const { source } of project.lineage) {
    if (!names.has(source.model)) continue;
    const known = columns.get(source.model) ?? new Set<string>();
    columns.set(source.model, known.add(source.column));
  }
  return [...names].sort().map((name) => ({
    fqn: name,
    model_name: name,
    kind: "Source" as const,
    columns: [...(columns.get(name) ?? [])].sort().map((column) => ({ name: column, nullable: true })),
    upstream_models: [],
    downstream_models: readers(name),
  }));
};

export const edgeShapes = ({ lineage, models }: CompiledProject) => {
  const fromStar = new Map([...models].map(([name, { starColumns }]) => [name, new Set(starColumns)]));
  return lineage.map(({ source, target, transform }: LineageEdge) => ({
    source_model: source.model,
    source_column: source.column,
    target_model: target.model,
    target_column: target.column,
    transform,
    confidence: fromStar.get(target.model)?.has(target.column) === true ? "Medium" : "High",
  }));
};

export const orphanColumns = (models: readonly CompiledModel[], edges: readonly CatalogEdge[]): number => {
  const fed = new Set(edges.map((edge) => `${edge.target_model}\n${edge.target_column}`));
  const columns = models.flatMap((model) => model.columns.map((column) => `${model.name}\n${column.name}`));
  return columns.filter((column) => !fed.has(column)).length;
};

export type CatalogAsset = ReturnType<typeof modelAssets>[number] | ReturnType<typeof sourceAssets>[number];
export type CatalogEdge = ReturnType<typeof edgeShapes>[number];

import type { AssetKey, TableColumnDep, TableColumnLineage } from "@dagster-rocky/dagster";
import type { LineageEdge } from "../resource/outputs/graph.ts";

/** What a name in a lineage edge stands for. `undefined`: a table outside the graph, which is left out. */
export type LineageSource = AssetKey | "ephemeral" | undefined;

/** Column lineage of every model that edges lead to. */
export interface ProjectLineage {
  /** Upstream columns by column; an empty record for a model that only reads tables outside the graph. */
  of(model: string): TableColumnLineage;
  /** Names that the model's columns come from, as the engine wrote them. */
  sourcesOf(model: string): readonly string[];
}

/**
 * Reads the engine's edges, which name models and tables, as lineage between assets. An ephemeral model is
 * looked through, column by column. Edges that only pass through a model on their way to another, and
 * edges from a model to itself, are not its lineage. `resolve` must give the same key object for a name.
 */
export function projectLineage(
  edges: readonly LineageEdge[],
  resolve: (name: string) => LineageSource,
): ProjectLineage {
  const byModel = groupByTarget(edges);
  const throughEphemeral = ephemeralTracer(byModel, resolve);
  return {
    of(model) {
      const lineage: Record<string, TableColumnDep[]> = {};
      for (const { source, target } of byModel.get(model) ?? []) {
        const found = resolve(source.model);
        if (found === undefined) continue;
        const known = Object.hasOwn(lineage, target.column) ? lineage[target.column] : undefined;
        const deps = known ?? [];
        if (known === undefined) lineage[target.column] = deps;
        if (found === "ephemeral") for (const dep of throughEphemeral(source)) deps.push(dep);
        else deps.push({ assetKey: found, columnName: source.column });
      }
      return distinctColumns(lineage);
    },
    sourcesOf: (model) => [...new Set((byModel.get(model) ?? []).map(({ source }) => source.model))],
  };
}

type EdgesByModel = ReadonlyMap<string, readonly LineageEdge[]>;

function groupByTarget(edges: readonly LineageEdge[]): EdgesByModel {
  const byModel = new Map<string, LineageEdge[]>();
  for (const edge of edges) {
    const { model } = edge.target;
    if (edge.source.model === model) continue;
    const known = byModel.get(model);
    if (known) known.push(edge);
    else byModel.set(model, [edge]);
  }
  return byModel;
}

function distinctColumns(lineage: Record<string, TableColumnDep[]>): TableColumnLineage {
  for (const column in lineage) {
    const deps = lineage[column] ?? [];
    if (deps.length === 0) delete lineage[column];
    else lineage[column] = distinct(deps);
  }
  return lineage;
}

/** Most columns are made from one other. */
function distinct(deps: TableColumnDep[]): TableColumnDep[] {
  if (deps.length < 2) return deps;
  const seen = new Map<AssetKey, Set<string>>();
  return deps.filter(({ assetKey, columnName }) => {
    const columns = seen.get(assetKey) ?? new Set();
    if (columns.has(columnName)) return false;
    seen.set(assetKey, columns.add(columnName));
    return true;
  });
}

/** What a column of an ephemeral model is made from, however many ephemeral models follow each other. */
function ephemeralTracer(
  byModel: EdgesByModel,
  resolve: (name: string) => LineageSource,
): (column: LineageEdge["source"]) => readonly TableColumnDep[] {
  const traced = new Map<string, readonly TableColumnDep[]>();

  const trace = (of: LineageEdge["source"], open: Set<string>): readonly TableColumnDep[] => {
    const id = `${of.model}\u0000${of.column}`;
    const known = traced.get(id);
    if (known) return known;
    // A cycle of ephemeral models is an error of the project; the compile says so, lineage must not hang.
    if (open.has(id)) return [];
    open.add(id);
    const deps: TableColumnDep[] = [];
    for (const { source, target } of byModel.get(of.model) ?? []) {
      if (target.column !== of.column) continue;
      const found = resolve(source.model);
      if (found === undefined) continue;
      if (found !== "ephemeral") deps.push({ assetKey: found, columnName: source.column });
      else for (const dep of trace(source, open)) deps.push(dep);
    }
    open.delete(id);
    const found = distinct(deps);
    traced.set(id, found);
    return found;
  };
  return (column) => trace(column, new Set());
}

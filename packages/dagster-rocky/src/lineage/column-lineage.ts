import type { AssetKey, TableColumnDep, TableColumnLineage } from "@dagster-rocky/dagster";
import type { LineageEdge } from "../resource/outputs/graph.ts";

/** What a name in a lineage edge stands for. `undefined`: a table outside the graph, which is left out. */
export type LineageSource = { readonly key: AssetKey } | "ephemeral" | undefined;

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
 * edges from a model to itself, are not its lineage.
 */
export function projectLineage(
  edges: readonly LineageEdge[],
  resolve: (name: string) => LineageSource,
): ProjectLineage {
  const byModel = groupByTarget(edges);
  const traced = new Map<string, readonly TableColumnDep[]>();

  const trace = (model: string, column: string, open: ReadonlySet<string>): readonly TableColumnDep[] => {
    const id = columnId(model, column);
    const known = traced.get(id);
    if (known) return known;
    // A cycle of ephemeral models is an error of the project; the compile says so, lineage must not hang.
    if (open.has(id)) return [];
    const inside = new Set(open).add(id);
    const deps = new Map<string, TableColumnDep>();
    for (const source of byModel.get(model)?.get(column) ?? []) {
      for (const dep of depsOf(source, inside)) deps.set(depId(dep), dep);
    }
    const found = [...deps.values()];
    traced.set(id, found);
    return found;
  };

  const depsOf = (source: LineageEdge["source"], open: ReadonlySet<string>): readonly TableColumnDep[] => {
    const target = resolve(source.model);
    if (target === undefined) return [];
    if (target === "ephemeral") return trace(source.model, source.column, open);
    return [{ assetKey: target.key, columnName: source.column }];
  };

  return {
    of(model) {
      const lineage: Record<string, readonly TableColumnDep[]> = {};
      for (const column of byModel.get(model)?.keys() ?? []) {
        const deps = trace(model, column, new Set());
        if (deps.length > 0) lineage[column] = deps;
      }
      return lineage;
    },
    sourcesOf(model) {
      const names = new Set<string>();
      for (const sources of byModel.get(model)?.values() ?? []) {
        for (const source of sources) names.add(source.model);
      }
      return [...names];
    },
  };
}

type SourcesByColumn = Map<string, LineageEdge["source"][]>;

function groupByTarget(edges: readonly LineageEdge[]): Map<string, SourcesByColumn> {
  const byModel = new Map<string, SourcesByColumn>();
  for (const { source, target } of edges) {
    if (source.model === target.model) continue;
    let columns = byModel.get(target.model);
    if (!columns) {
      columns = new Map();
      byModel.set(target.model, columns);
    }
    const sources = columns.get(target.column);
    if (sources) sources.push(source);
    else columns.set(target.column, [source]);
  }
  return byModel;
}

const columnId = (model: string, column: string): string => `${model}\u0000${column}`;
const depId = (dep: TableColumnDep): string => `${dep.assetKey.path.join("\u0000")}\u0001${dep.columnName}`;

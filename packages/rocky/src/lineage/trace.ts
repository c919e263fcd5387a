import type { ColumnRef, LineageEdge } from "./edge.ts";

export type Direction = "upstream" | "downstream";

/** Edges by the column at one of their ends. */
export interface LineageGraph {
  /** Edges that lead into a column. */
  readonly into: (column: ColumnRef) => readonly LineageEdge[];
  /** Edges that lead out of a column. */
  readonly outOf: (column: ColumnRef) => readonly LineageEdge[];
}

const keyOf = (column: ColumnRef): string => `${column.model}\n${column.column}`;

export const lineageGraph = (edges: readonly LineageEdge[]): LineageGraph => {
  const index = (end: (edge: LineageEdge) => ColumnRef): ((column: ColumnRef) => readonly LineageEdge[]) => {
    const byColumn = new Map<string, LineageEdge[]>();
    for (const edge of edges) {
      const key = keyOf(end(edge));
      const known = byColumn.get(key);
      if (known === undefined) byColumn.set(key, [edge]);
      else known.push(edge);
    }
    return (column) => byColumn.get(keyOf(column)) ?? [];
  };
  return { into: index((edge) => edge.target), outOf: index((edge) => edge.source) };
};

/** All edges reachable from a column, depth first; where a column has several, the last is followed first. */
export const traceColumn = (
  graph: LineageGraph,
  start: ColumnRef,
  direction: Direction,
): readonly LineageEdge[] => {
  const trace: LineageEdge[] = [];
  const seen = new Set<string>();
  const stack: ColumnRef[] = [start];
  for (let column = stack.pop(); column !== undefined; column = stack.pop()) {
    const key = keyOf(column);
    if (seen.has(key)) continue;
    seen.add(key);
    for (const edge of direction === "upstream" ? graph.into(column) : graph.outOf(column)) {
      trace.push(edge);
      stack.push(direction === "upstream" ? edge.source : edge.target);
    }
  }
  return trace;
};

/** Every column that a column ends up in, each once, sorted. */
export const consumersOf = (graph: LineageGraph, start: ColumnRef): readonly ColumnRef[] => {
  const found = new Map<string, ColumnRef>();
  for (const { target } of traceColumn(graph, start, "downstream")) found.set(keyOf(target), target);
  return [...found].sort(([left], [right]) => (left < right ? -1 : 1)).map(([, column]) => column);
};

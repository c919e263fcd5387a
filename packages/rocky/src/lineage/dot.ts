import type { LineageEdge } from "./edge.ts";

const quote = (text: string): string => `"${text.replaceAll("\\", "\\\\").replaceAll('"', '\\"')}"`;

const node = (column: LineageEdge["source"]): string => quote(`${column.model}.${column.column}`);

/** A Graphviz graph: one box per column, grouped by model, arrows in the direction of the data. */
export const lineageDot = (edges: readonly LineageEdge[]): string => {
  const columns = new Map<string, Set<string>>();
  for (const { model, column } of edges.flatMap((edge) => [edge.source, edge.target])) {
    const known = columns.get(model) ?? new Set<string>();
    columns.set(model, known.add(column));
  }
  const lines = ["digraph lineage {", "  rankdir=LR;", "  node [shape=box, fontsize=10];"];
  [...columns.keys()].sort().forEach((model, index) => {
    lines.push(`  subgraph cluster_${index} {`, `    label=${quote(model)};`);
    for (const column of [...(columns.get(model) ?? [])].sort()) {
      lines.push(`    ${node({ model, column })} [label=${quote(column)}];`);
    }
    lines.push("  }");
  });
  for (const edge of edges) {
    const label = edge.transform === "direct" ? "" : ` [label=${quote(edge.transform)}]`;
    lines.push(`  ${node(edge.source)} -> ${node(edge.target)}${label};`);
  }
  return `${[...lines, "}"].join("\n")}\n`;
};

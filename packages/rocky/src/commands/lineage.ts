import { type CompiledProject, compileProject, displayType } from "../compile/index.ts";
import {
  type ColumnRef,
  consumersOf,
  type Direction,
  type LineageEdge,
  lineageDot,
  lineageGraph,
  traceColumn,
} from "../lineage/index.ts";
import { ENGINE_VERSION } from "../version.ts";
import { defineCommand } from "./command.ts";
import { booleanFlag, choiceFlag, stringFlag } from "./flags.ts";
import { projectFlags, projectOptions, unknownModel } from "./project-options.ts";

export const lineage = defineCommand({
  name: "lineage",
  summary: "Show where a model's columns come from, or follow one column",
  flags: {
    ...projectFlags,
    column: stringFlag("follow this column", "COLUMN"),
    format: choiceFlag("print a Graphviz graph", ["dot"]),
    upstream: booleanFlag("follow the column to its sources (the default)"),
    downstream: booleanFlag("follow the column to its readers"),
    through: booleanFlag("go through CTEs and subqueries to the tables that they read"),
  },
  positionals: [{ name: "target", help: "MODEL or MODEL.COLUMN" }],
  run: async ({ flags, positionals }, context) => {
    const project = await compileProject({
      ...(await projectOptions(context, { models: flags.models })),
      ...(flags.through ? { lineageDepth: "tables" } : {}),
    });
    const [model, dotted] = splitTarget(positionals.target, project);
    const column = flags.column ?? dotted;
    if (!project.models.has(model)) throw unknownModel(model, project.models.keys());
    const result =
      column === undefined
        ? modelLineage(project, model)
        : columnLineage(project, { model, column }, flags.downstream ? "downstream" : "upstream");
    if (flags.format === "dot") return { text: lineageDot("trace" in result ? result.trace : result.edges) };
    return { payload: result };
  },
});

/** `model.column`, unless a model has that very name. */
const splitTarget = (target: string, project: CompiledProject): readonly [string, string | undefined] => {
  const dot = target.indexOf(".");
  if (dot < 0 || project.models.has(target)) return [target, undefined];
  return [target.slice(0, dot), target.slice(dot + 1)];
};

const modelLineage = (project: CompiledProject, name: string) => {
  const model = project.models.get(name);
  const keys = new Set(model?.model.surrogateKeys.map((key) => key.name));
  const edges = project.lineage.filter((edge) => edge.source.model === name || edge.target.model === name);
  const downstream = [...project.models.values()].filter((other) => other.dependsOn.includes(name));
  return {
    version: ENGINE_VERSION,
    command: "lineage",
    model: name,
    columns: (model?.columns ?? [])
      .filter((column) => !keys.has(column.name))
      .map((column) => ({
        name: column.name,
        ...(column.type.kind === "Unknown" ? {} : { data_type: displayType(column.type) }),
      })),
    upstream: model?.dependsOn ?? [],
    downstream: downstream.map((other) => other.name),
    edges,
    nodes: lineageNodes(project, name, edges),
  };
};

/** The model itself and everything at the end of an edge, with what tells models from sources. */
const lineageNodes = (project: CompiledProject, name: string, edges: readonly LineageEdge[]) => {
  const names = new Set([name, ...edges.flatMap((edge) => [edge.source.model, edge.target.model])]);
  return [...names].map((node) => {
    const model = project.models.get(node);
    return model === undefined
      ? { model: node, source_id: node }
      : { model: node, target_schema: model.model.target.schema };
  });
};

const columnLineage = (project: CompiledProject, start: ColumnRef, direction: Direction) => {
  const graph = lineageGraph(project.lineage);
  const consumers = consumersOf(graph, start);
  return {
    version: ENGINE_VERSION,
    command: "lineage",
    model: start.model,
    column: start.column,
    direction,
    trace: traceColumn(graph, start, direction),
    ...(consumers.length === 0 ? {} : { downstream_consumers: consumers }),
  };
};

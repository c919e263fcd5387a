import { mkdirSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { type CompiledModel, type CompiledProject, compileProject, displayType } from "../compile/index.ts";
import type { LineageEdge } from "../lineage/index.ts";
import { renderJson } from "../output/json.ts";
import { baseName } from "../paths.ts";
import { openCommandState } from "../run/environment.ts";
import { listRuns } from "../state/runs.ts";
import { ENGINE_VERSION } from "../version.ts";
import { defineCommand } from "./command.ts";
import type { CommandContext } from "./context.ts";
import { stringFlag } from "./flags.ts";
import { projectFlags, projectOptions } from "./project-options.ts";

export const catalog = defineCommand({
  name: "catalog",
  summary: "Describe every model and source with columns, types and lineage",
  flags: { ...projectFlags, out: stringFlag("folder to write catalog.json into", "DIR") },
  positionals: [],
  run: async ({ flags }, context) => {
    const started = performance.now();
    const project = await compileProject(projectOptions(context, { models: flags.models }));
    const lastRuns = await lastRunsByTable(context);
    const assets = [...modelAssets(project, lastRuns), ...sourceAssets(project)];
    const edges = project.lineage.map((edge) => edgeShape(edge, project));
    const newest = [...lastRuns.values()]
      .map((run) => run.runId)
      .sort()
      .at(-1);
    const payload = {
      version: ENGINE_VERSION,
      command: "catalog",
      generated_at: new Date().toISOString(),
      project_name: baseName(context.cwd),
      config_hash: context.loadConfig().fingerprint,
      ...(newest === undefined ? {} : { last_run_id: newest }),
      assets,
      edges,
      stats: {
        asset_count: assets.length,
        column_count: assets.reduce((sum, asset) => sum + asset.columns.length, 0),
        edge_count: edges.length,
        assets_with_star: [...project.models.values()].filter(hasStar).length,
        orphan_columns: orphanColumns(project),
        duration_ms: Math.round(performance.now() - started),
      },
    };
    if (flags.out !== undefined) {
      const directory = resolve(context.cwd, flags.out);
      mkdirSync(directory, { recursive: true });
      writeFileSync(resolve(directory, "catalog.json"), renderJson(payload));
    }
    return { payload };
  },
});

interface LastRun {
  readonly runId: string;
  readonly finishedAt: string;
}

/** The newest successful build of each table, by asset key. */
const lastRunsByTable = async (context: CommandContext): Promise<ReadonlyMap<string, LastRun>> => {
  using state = await openCommandState(context, "read");
  const found = new Map<string, LastRun>();
  for (const { runId, models } of await listRuns(state)) {
    for (const { assetKey, status, finishedAt } of models) {
      const key = assetKey.join(".");
      if (status === "success" && !found.has(key)) found.set(key, { runId, finishedAt });
    }
  }
  return found;
};

const fullName = ({ model: { target } }: CompiledModel): string =>
  [target.catalog, target.schema, target.table].filter((part) => part !== "").join(".");

const hasStar = (model: CompiledModel): boolean => model.starColumns.length > 0 || !model.columnsComplete;

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

const modelAssets = (project: CompiledProject, lastRuns: ReadonlyMap<string, LastRun>) => {
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
const sourceAssets = (project: CompiledProject) => {
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

const edgeShape = ({ source, target, transform }: LineageEdge, project: CompiledProject) => ({
  source_model: source.model,
  source_column: source.column,
  target_model: target.model,
  target_column: target.column,
  transform,
  confidence:
    project.models.get(target.model)?.starColumns.includes(target.column) === true ? "Medium" : "High",
});

const orphanColumns = (project: CompiledProject): number => {
  const fed = new Set(project.lineage.map(({ target }) => `${target.model}\n${target.column}`));
  let orphans = 0;
  for (const model of project.models.values()) {
    for (const column of model.columns) if (!fed.has(`${model.name}\n${column.name}`)) orphans += 1;
  }
  return orphans;
};

import { resolve } from "node:path";
import { type CompiledProject, compileProject } from "../compile/index.ts";
import { RockyError } from "../errors.ts";
import { baseName } from "../paths.ts";
import { openCommandState } from "../run/environment.ts";
import { listRuns } from "../state/runs.ts";
import { didYouMean } from "../suggest.ts";
import { ENGINE_VERSION } from "../version.ts";
import {
  type CatalogAsset,
  type CatalogEdge,
  edgeShapes,
  hasStar,
  type LastRun,
  modelAssets,
  orphanColumns,
  sourceAssets,
} from "./catalog/shapes.ts";
import { CATALOG_FORMATS, writeCatalog } from "./catalog/write.ts";
import { defineCommand } from "./command.ts";
import type { CommandContext } from "./context.ts";
import { choiceFlag, stringFlag } from "./flags.ts";
import { projectFlags, projectOptions } from "./project-options.ts";

const DEFAULT_FOLDER = ".rocky/catalog";

export const catalog = defineCommand({
  name: "catalog",
  summary: "Describe every model and source with columns, types and lineage, for other tools to read",
  flags: {
    ...projectFlags,
    out: stringFlag(`folder to write to (default: ${DEFAULT_FOLDER})`, "DIR"),
    format: choiceFlag(
      "catalog.json, edges.parquet and assets.parquet, or both (default: both)",
      CATALOG_FORMATS,
    ),
    catalog: stringFlag("only what is in this catalog of the warehouse", "NAME"),
  },
  positionals: [],
  run: async ({ flags }, context) => {
    const started = performance.now();
    const project = await compileProject(await projectOptions(context, { models: flags.models }));
    const lastRuns = await lastRunsByTable(context);
    const { assets, edges } = inCatalog(flags.catalog, {
      assets: [...modelAssets(project, lastRuns), ...sourceAssets(project)],
      edges: edgeShapes(project),
    });
    const newest = [...lastRuns.values()]
      .map((run) => run.runId)
      .sort()
      .at(-1);
    const payload = {
      version: ENGINE_VERSION,
      command: "catalog",
      generated_at: new Date().toISOString(),
      project_name: baseName(context.cwd),
      config_hash: context.loadProjectConfig().fingerprint,
      ...(newest === undefined ? {} : { last_run_id: newest }),
      assets,
      edges,
      stats: {
        asset_count: assets.length,
        column_count: assets.reduce((sum, asset) => sum + asset.columns.length, 0),
        edge_count: edges.length,
        assets_with_star: shown(project, assets).filter(hasStar).length,
        orphan_columns: orphanColumns(shown(project, assets), edges),
        duration_ms: Math.round(performance.now() - started),
      },
    };
    const folder = resolve(context.cwd, flags.out ?? DEFAULT_FOLDER);
    const written = await writeCatalog(payload, folder, flags.format ?? "both", context.signal);
    const table = (): string =>
      [
        `${assets.length} assets with ${payload.stats.column_count} columns, ${edges.length} lineage edges`,
        ...written.map((file) => `written: ${file}`),
      ].join("\n");
    return { payload, table };
  },
});

interface Catalog {
  readonly assets: readonly CatalogAsset[];
  readonly edges: readonly CatalogEdge[];
}

/** What lies in one catalog, and the edges between that. Throws when the name is none of the project's. */
const inCatalog = (name: string | undefined, all: Catalog): Catalog => {
  if (name === undefined) return all;
  const catalogOf = ({ fqn }: CatalogAsset): string => fqn.split(".").at(-3) ?? "";
  const assets = all.assets.filter((asset) => catalogOf(asset) === name);
  if (assets.length === 0) {
    const known = [...new Set(all.assets.map(catalogOf))].filter((text) => text !== "");
    throw new RockyError("unknown_name", `nothing here is in a catalog named '${name}'`, {
      hint: didYouMean(name, known) ?? `catalogs here: ${known.join(", ")}`,
    });
  }
  const kept = new Set(assets.map((asset) => asset.model_name));
  const edges = all.edges.filter((edge) => kept.has(edge.source_model) && kept.has(edge.target_model));
  return { assets, edges };
};

/** The models among the assets. */
const shown = (project: CompiledProject, assets: readonly CatalogAsset[]) =>
  assets.flatMap((asset) => project.models.get(asset.model_name) ?? []);

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

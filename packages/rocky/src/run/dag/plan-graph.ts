import { RockyError } from "../../errors.ts";
import { buildDag, type Dag, layersOf, modelNodeId } from "../../graph/index.ts";
import { loadModels, type Model } from "../../models/index.ts";
import { joinPath } from "../../paths.ts";
import type { RunEnvironment } from "../environment.ts";
import { failureText } from "../failure.ts";
import { compileForRun, loadRunModels, modelsDirectoryOf } from "../project.ts";
import type { RunRequest } from "../request.ts";
import { DEFAULT_SEED_SCHEMA } from "../seed/load-seeds.ts";
import { findSeedFiles, type SeedFile } from "../seed/seed-files.ts";

/** The whole project as `run --dag` works through it. */
export interface Graph {
  readonly dag: Dag;
  readonly layers: readonly (readonly string[])[];
  readonly dependsOn: ReadonlyMap<string, readonly string[]>;
  readonly seeds: ReadonlyMap<string, SeedFile>;
  readonly seedsDirectory: string;
  readonly warnings: readonly string[];
  /** How many database files the adapters name. */
  readonly files: number;
  /** How many pipelines have models, which are nodes then. */
  readonly modelPipelines: number;
}

/** What only the SQL of a model shows. */
interface SqlReads {
  /** Models of the same folder. */
  readonly models: readonly string[];
  /** Tables that no model of the folder makes, as the SQL names them. */
  readonly tables: readonly string[];
}

/** By model; what does not compile is left to the run of its node. */
const sqlReads = async (
  env: RunEnvironment,
  request: RunRequest,
  directory: string,
): Promise<ReadonlyMap<string, SqlReads>> => {
  try {
    const loaded = loadRunModels(env, directory);
    if (loaded.models.length === 0) return new Map();
    const { compiled } = await compileForRun(env, loaded, request.variables);
    return new Map(
      [...compiled.models.values()].map(({ name, dependsOn, runsAfter, sources }) => [
        name,
        { models: [...dependsOn, ...runsAfter], tables: sources },
      ]),
    );
  } catch (error) {
    env.emit({ level: "warn", message: `dependencies found in SQL are left out: ${failureText(error)}` });
    return new Map();
  }
};

/** Nodes by what SQL may call the tables that they make: the label alone, or the target with its schema. */
const makers = (dag: Dag): ReadonlyMap<string, string> => {
  const found = new Map<string, string>();
  for (const { id, kind, label, model, target = model?.target } of dag.nodes) {
    if (kind !== "transformation" && kind !== "seed") continue;
    found.set(label.toLowerCase(), id);
    if (target === undefined) continue;
    const schema = target.schema === "" ? DEFAULT_SEED_SCHEMA : target.schema;
    const name = `${schema}.${target.table}`.toLowerCase();
    found.set(name, id);
    if (target.catalog !== "") found.set(`${target.catalog}.${name}`.toLowerCase(), id);
  }
  return found;
};

const sqlEdges = (dag: Dag, reads: ReadonlyMap<string, SqlReads>): ReadonlyMap<string, readonly string[]> => {
  const byTable = makers(dag);
  return new Map(
    [...reads].map(([name, { models, tables }]) => {
      const id = modelNodeId(name);
      const made = tables.flatMap((table) => byTable.get(table.toLowerCase()) ?? []);
      return [id, [...models.map(modelNodeId), ...made].filter((other) => other !== id)];
    }),
  );
};

const withSqlEdges = (
  dag: Dag,
  extra: ReadonlyMap<string, readonly string[]>,
): Pick<Graph, "layers" | "dependsOn" | "warnings"> => {
  const known = new Set(dag.nodes.map((node) => node.id));
  const dependsOn = new Map(
    [...dag.dependsOn].map(([id, before]) => [
      id,
      [...new Set([...before, ...(extra.get(id) ?? []).filter((other) => known.has(other))])],
    ]),
  );
  const result = layersOf(dependsOn);
  if (result.ok) return { layers: result.layers, dependsOn, warnings: [] };
  const warnings = [`dependencies found in SQL go in a circle and are left out: ${result.cycle.join(" → ")}`];
  return { layers: dag.layers, dependsOn: dag.dependsOn, warnings };
};

/** Seeds, pipelines and models with all their edges, also those that only the SQL shows. */
export const planGraph = async (env: RunEnvironment, request: RunRequest): Promise<Graph> => {
  const { config, context } = env;
  const seedsDirectory = joinPath(config.directory, "seeds");
  const seeds = findSeedFiles(context.files, context.env, seedsDirectory) ?? [];
  const transformations = config.pipelines.filter((pipeline) => pipeline.type === "transformation");
  const models = new Map<string, readonly Model[]>();
  const reads = new Map<string, SqlReads>();
  for (const pipeline of transformations) {
    const given = transformations.length === 1 ? request.modelsDirectory : undefined;
    const directory = modelsDirectoryOf(config, { directory: given, pipeline });
    // As written: the graph has nodes for what a run of one pipeline takes as it is.
    models.set(pipeline.name, loadModels(context.files, context.env, directory).models);
    for (const [name, read] of await sqlReads(env, request, directory)) reads.set(name, read);
  }
  const dag = buildDag({
    seeds: seeds.map(({ name, target }) => ({
      name,
      target: { catalog: target.catalog ?? "", schema: target.schema ?? "", table: target.table },
    })),
    pipelines: config.pipelines,
    models,
  });
  if (dag.nodes.length === 0) {
    throw new RockyError("no_models", "there is nothing to run: no pipeline, no seed, no model", {
      where: { file: config.file },
    });
  }
  return {
    dag,
    modelPipelines: transformations.length,
    ...withSqlEdges(dag, sqlEdges(dag, reads)),
    seeds: new Map(seeds.map((seed) => [seed.name, seed])),
    seedsDirectory,
    files: new Set(config.adapters.flatMap(({ path }) => (path === undefined ? [] : [path]))).size,
  };
};

import { duckDbDialect } from "../adapters/duckdb/dialect.ts";
import { sqlName, tableRef } from "../adapters/table-ref.ts";
import { type CompiledProject, compileProject, loadImports } from "../compile/index.ts";
import type { Pipeline, RockyConfig, TransformationPipeline } from "../config/index.ts";
import { RockyError } from "../errors.ts";
import {
  type LoadedModels,
  loadModels,
  type Model,
  modelsDirectory,
  type RunVariables,
} from "../models/index.ts";
import { nodeAnalysis } from "../node-analysis.ts";
import { nodeCache } from "../node-cache.ts";
import { didYouMean } from "../suggest.ts";
import { closureOf } from "./closure.ts";
import type { RunEnvironment } from "./environment.ts";
import { withoutOutside } from "./outside-names.ts";

export const unknownPipeline = (config: RockyConfig, name: string): RockyError => {
  const near = didYouMean(
    name,
    config.pipelines.map((pipeline) => pipeline.name),
  );
  return new RockyError(
    "unknown_name",
    `no pipeline named '${name}' in ${config.file}`,
    near === undefined ? {} : { hint: near },
  );
};

/** The pipeline that a command works on: the named one, or the only one. */
export const selectPipeline = (config: RockyConfig, name: string | undefined): Pipeline => {
  if (name !== undefined) {
    const found = config.pipelines.find((pipeline) => pipeline.name === name);
    if (found === undefined) throw unknownPipeline(config, name);
    return found;
  }
  const [only, another] = config.pipelines;
  if (only === undefined) {
    throw new RockyError("config_invalid", `there is no pipeline in ${config.file}`, {
      where: { file: config.file },
    });
  }
  if (another === undefined) return only;
  const names = config.pipelines.map((pipeline) => pipeline.name).join(", ");
  throw new RockyError(
    "config_invalid",
    `there are several pipelines (${names}): choose one with --pipeline`,
  );
};

/** The transformation pipeline that `run --model` works on. */
export const selectTransformation = (
  config: RockyConfig,
  name: string | undefined,
): TransformationPipeline | undefined => {
  if (name === undefined) {
    return config.pipelines.find((pipeline) => pipeline.type === "transformation");
  }
  const found = config.pipelines.find((pipeline) => pipeline.name === name);
  if (found === undefined) throw unknownPipeline(config, name);
  if (found.type === "transformation") return found;
  throw new RockyError(
    "usage",
    `pipeline '${name}' is a ${found.type} pipeline; --model needs a transformation`,
  );
};

export interface ModelLocation {
  /** `--models`, relative to the working directory. */
  readonly directory: string | undefined;
  readonly pipeline: TransformationPipeline | undefined;
}

/** Where the models lie; the default is `models` in the working directory. */
export const modelsDirectoryOf = (config: RockyConfig, { directory, pipeline }: ModelLocation): string =>
  directory ?? (pipeline === undefined ? "models" : modelsDirectory(config.directory, pipeline.models));

export interface RunProject {
  readonly compiled: CompiledProject;
  readonly compileMs: number;
}

// A graph run asks for the same project once a node, and applying a plan twice; an environment lives for one
// command, so what it has read and compiled stays true for it.
interface ProjectCache {
  readonly loaded: Map<string, LoadedModels>;
  readonly compiled: Map<string, Promise<RunProject>>;
}

const caches = new WeakMap<RunEnvironment, ProjectCache>();

const cacheOf = (env: RunEnvironment): ProjectCache => {
  const known = caches.get(env);
  if (known !== undefined) return known;
  const cache: ProjectCache = { loaded: new Map(), compiled: new Map() };
  caches.set(env, cache);
  return cache;
};

const cacheKey = (loaded: LoadedModels, variables: RunVariables): string =>
  `${loaded.directory}\n${JSON.stringify(variables)}`;

export const loadRunModels = (env: RunEnvironment, directory: string): LoadedModels => {
  const { loaded } = cacheOf(env);
  const known = loaded.get(directory);
  if (known !== undefined) return known;
  const { config, context } = env;
  const project = { config, files: context.files, env: context.env };
  const models = withoutOutside(project, loadModels(context.files, context.env, directory));
  loaded.set(directory, models);
  return models;
};

const compileLoaded = async (
  env: RunEnvironment,
  loaded: LoadedModels,
  variables: RunVariables,
): Promise<RunProject> => {
  const started = performance.now();
  const { mask, allowUnmasked, freshness } = env.config;
  const compiled = await compileProject({
    files: env.context.files,
    env: env.context.env,
    models: loaded,
    variables,
    cache: nodeCache(env.context.cwd),
    analyze: nodeAnalysis,
    formatTarget: ({ catalog, schema, table }) => sqlName(tableRef(catalog, schema, table), duckDbDialect),
    config: { mask, allowUnmasked, freshness },
    imports: loadImports(env.context.files, env.config),
  });
  return { compiled, compileMs: Math.round(performance.now() - started) };
};

/** Compiles loaded models; `retarget` lets a shadow run send them elsewhere before names are resolved. */
export const compileForRun = (
  env: RunEnvironment,
  loaded: LoadedModels,
  variables: RunVariables,
  retarget?: (model: Model) => Model,
): Promise<RunProject> => {
  if (retarget !== undefined) {
    return compileLoaded(env, { ...loaded, models: loaded.models.map(retarget) }, variables);
  }
  const { compiled } = cacheOf(env);
  const key = cacheKey(loaded, variables);
  const known = compiled.get(key);
  if (known !== undefined) return known;
  const compiling = compileLoaded(env, loaded, variables);
  compiled.set(key, compiling);
  return compiling;
};

/** Compiles what one model needs; a project that is compiled already is taken as it is. */
export const compileModel = async (
  env: RunEnvironment,
  loaded: LoadedModels,
  variables: RunVariables,
  name: string,
): Promise<RunProject> => {
  const whole = cacheOf(env).compiled.get(cacheKey(loaded, variables));
  if (whole !== undefined) return whole;
  const key = `${cacheKey(loaded, variables)}\n${name}`;
  const known = cacheOf(env).compiled.get(key);
  if (known !== undefined) return known;
  const compiling = closureOf(loaded, name, variables).then((needed) =>
    compileLoaded(env, needed, variables),
  );
  cacheOf(env).compiled.set(key, compiling);
  return compiling;
};

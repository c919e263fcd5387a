import type { RockyConfig } from "../config/index.ts";
import { type LoadedModels, loadModels, modelsDirectory } from "../models/index.ts";
import { joinPath } from "../paths.ts";
import type { Environment, Files } from "../ports.ts";
import { findSeedFiles } from "./seed/seed-files.ts";

/** Where the names of a project are looked for. */
export interface WholeProject {
  readonly config: Pick<RockyConfig, "directory" | "pipelines">;
  readonly files: Files;
  readonly env: Environment;
}

/** What a model may depend on beside the models of its own folder: seeds, pipelines, models of other pipelines. */
const outsideNames = ({ config, files, env }: WholeProject, directory: string): ReadonlySet<string> => {
  const seeds = findSeedFiles(files, env, joinPath(config.directory, "seeds")) ?? [];
  const others = config.pipelines.flatMap((pipeline) => {
    if (pipeline.type !== "transformation") return [];
    const other = modelsDirectory(config.directory, pipeline.models);
    return other === directory || files.kind(other) !== "directory"
      ? []
      : loadModels(files, env, other).models;
  });
  return new Set([...config.pipelines, ...seeds, ...others].map(({ name }) => name));
};

/**
 * The models without dependencies on what other nodes of the graph make: `run --dag` has made it by then, and a run of
 * one pipeline takes it as it is. A name that means nothing stays, for the compiler to refuse.
 */
export const withoutOutside = (project: WholeProject, loaded: LoadedModels): LoadedModels => {
  const own = new Set(loaded.models.map(({ name }) => name));
  if (loaded.models.every(({ dependsOn }) => dependsOn.every((name) => own.has(name)))) return loaded;
  const outside = outsideNames(project, loaded.directory);
  return {
    ...loaded,
    models: loaded.models.map((model) => ({
      ...model,
      dependsOn: model.dependsOn.filter((name) => own.has(name) || !outside.has(name)),
    })),
  };
};

import { normalizePath } from "../paths.ts";
import type { Environment, Files } from "../ports.ts";
import { buildModel, type ModelSurroundings } from "./build.ts";
import { loadDefaults } from "./defaults.ts";
import { loadGroups } from "./groups.ts";
import { loadMacros } from "./macros.ts";
import { type ModelSource, scanModels } from "./scan.ts";
import { loadTestDefinitions } from "./test-definitions.ts";
import type { LoadedModels, Model } from "./types.ts";

/** A models directory looked through: where the models are, and all that they share, read. */
export interface ModelsFolder {
  /** Normalized. */
  readonly root: string;
  readonly found: boolean;
  readonly sources: readonly ModelSource[];
  readonly around: ModelSurroundings;
}

/** Finds the models of a directory and reads what they share. `shared` reads the shared files, if not `files`. */
export const openModels = (
  files: Files,
  env: Environment,
  directory: string,
  shared: Files = files,
): ModelsFolder => {
  const root = normalizePath(directory);
  const scanned = scanModels(files, root);
  const around: ModelSurroundings = {
    files,
    env,
    macros: loadMacros(shared, root),
    defaults: loadDefaults(shared, env, scanned.defaults),
    groups: loadGroups(shared, env, root),
    testDefinitions: loadTestDefinitions(shared, env, root),
  };
  return { root, found: scanned.found, sources: scanned.sources, around };
};

/**
 * Reads every model below a directory: files, sidecars, groups, defaults, macros. Throws a `RockyError` naming
 * file and key for the first model that cannot be loaded. A directory that does not exist holds no models.
 */
export const loadModels = (files: Files, env: Environment, directory: string): LoadedModels => {
  const { root, found, sources, around } = openModels(files, env, directory);
  const models: Model[] = sources.map((source) => buildModel(source, around));
  return Object.freeze({
    directory: root,
    found,
    models: Object.freeze(models),
    macros: around.macros,
  });
};

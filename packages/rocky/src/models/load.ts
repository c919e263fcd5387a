import { normalizePath } from "../paths.ts";
import type { Environment, Files } from "../ports.ts";
import { buildModel, type ModelSurroundings } from "./build.ts";
import { loadDefaults } from "./defaults.ts";
import { loadGroups } from "./groups.ts";
import { loadMacros } from "./macros.ts";
import { scanModels } from "./scan.ts";
import { loadTestDefinitions } from "./test-definitions.ts";
import type { LoadedModels, Model } from "./types.ts";

/**
 * Reads every model below a directory: files, sidecars, groups, defaults, macros. Throws a `RockyError` naming
 * file and key for the first model that cannot be loaded. A directory that does not exist holds no models.
 */
export const loadModels = (files: Files, env: Environment, directory: string): LoadedModels => {
  const root = normalizePath(directory);
  const scanned = scanModels(files, root);
  const macros = loadMacros(files, root);
  const surroundings: ModelSurroundings = {
    files,
    env,
    macros,
    defaults: loadDefaults(files, env, scanned.defaults),
    groups: loadGroups(files, env, root),
    testDefinitions: loadTestDefinitions(files, env, root),
  };
  const models: Model[] = scanned.sources.map((source) => buildModel(source, surroundings));
  return Object.freeze({
    directory: root,
    found: scanned.found,
    models: Object.freeze(models),
    macros,
  });
};

import type { RockyConfig } from "../../config/index.ts";
import { formatLocation, RockyError } from "../../errors.ts";
import { layersOf } from "../../graph/layers.ts";
import {
  loadContract,
  type LoadedModels,
  loadModels,
  type Model,
  modelsDirectory,
} from "../../models/index.ts";
import type { ValidateOutput } from "../../output/schemas/validate.ts";
import { isInside, joinPath } from "../../paths.ts";
import type { Environment, Files } from "../../ports.ts";
import { findSeedFiles } from "../../run/seed/seed-files.ts";
import { didYouMean } from "../../suggest.ts";
import type { Report } from "./report.ts";

/** Directories that the transformation pipelines declare, or `models` when there is no such pipeline. */
const directoriesOf = (config: RockyConfig, files: Files): readonly string[] => {
  const declared = config.pipelines.filter((pipeline) => pipeline.type === "transformation");
  const directories =
    declared.length === 0
      ? [joinPath(config.directory, "models")]
      : declared
          .map((pipeline) => modelsDirectory(config.directory, pipeline.models))
          .filter((directory) => isInside(config.directory, directory));
  return [...new Set(directories)].filter((directory) => files.kind(directory) === "directory");
};

/** `outside` are the names of seeds and pipelines, which models may depend on as well. */
const graphProblem = (models: readonly Model[], outside: ReadonlySet<string>): string | undefined => {
  const names = new Map<string, Model>();
  for (const model of models) {
    const other = names.get(model.name);
    if (other !== undefined) return `two models are called '${model.name}': ${other.file} and ${model.file}`;
    names.set(model.name, model);
  }
  for (const model of models)
    for (const dependency of model.dependsOn)
      if (!names.has(dependency) && !outside.has(dependency)) {
        const near = didYouMean(dependency, [...names.keys(), ...outside]);
        return `unknown dependency '${dependency}' of model '${model.name}' (${model.configFile ?? model.file})${near === undefined ? "" : `, ${near}`}`;
      }
  const own = (model: Model): readonly string[] => model.dependsOn.filter((name) => names.has(name));
  const result = layersOf(new Map(models.map((model) => [model.name, own(model)])));
  return result.ok
    ? undefined
    : `circular dependency detected involving: [${result.cycle.map((name) => `"${name}"`).join(", ")}]`;
};

export interface ValidatedModels {
  readonly status: ValidateOutput["models"];
  readonly models: readonly Model[];
}

/** Reads a file that only other commands need; trouble with it stops those, not this. */
const tryReading = <T>(read: () => T, report: Report): T | undefined => {
  try {
    return read();
  } catch (thrown) {
    report.say("warn", "V030", describe(RockyError.from(thrown)));
    return undefined;
  }
};

const describe = (error: RockyError): string => {
  const where = formatLocation(error.where);
  const hint = error.hint === undefined ? "" : `; ${error.hint}`;
  return `${error.message}${where === "" ? "" : ` (${where})`}${hint}`;
};

/** Loads the models of the project and checks the dependencies that their sidecars declare. */
export const validateModels = (
  config: RockyConfig,
  files: Files,
  env: Environment,
  report: Report,
): ValidatedModels => {
  const directories = directoriesOf(config, files);
  const seeds = tryReading(() => findSeedFiles(files, env, joinPath(config.directory, "seeds")), report);
  if (directories.length === 0) return { status: { found: false, count: 0, dag_valid: false }, models: [] };
  let loaded: readonly LoadedModels[];
  try {
    loaded = directories.map((directory) => loadModels(files, env, directory));
  } catch (thrown) {
    report.say("error", "V030", `Model loading error: ${describe(RockyError.from(thrown))}`);
    return { status: { found: true, count: 0, dag_valid: false }, models: [] };
  }
  const models = [
    ...new Map(loaded.flatMap((one) => one.models).map((model) => [model.file, model])).values(),
  ];
  for (const { contractFile } of models)
    if (contractFile !== undefined) tryReading(() => loadContract(files, contractFile), report);
  const count = models.length;
  if (count === 0) return { status: { found: true, count, dag_valid: true }, models };
  report.say("ok", "V030", `${count} transformation models loaded`);
  const outside = new Set([...config.pipelines, ...(seeds ?? [])].map(({ name }) => name));
  const problem = graphProblem(models, outside);
  if (problem === undefined) report.say("ok", "V031", `DAG valid (${count} nodes, no cycles)`);
  else report.say("error", "V031", `DAG error: ${problem}`);
  return { status: { found: true, count, dag_valid: problem === undefined }, models };
};

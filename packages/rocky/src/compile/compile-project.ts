import type { RockyConfig } from "../config/index.ts";
import { RockyError } from "../errors.ts";
import {
  type Contract,
  type LoadedModels,
  loadContract,
  loadContracts,
  loadModels,
  type RunVariables,
} from "../models/index.ts";
import type { Environment, Files } from "../ports.ts";
import { type AnalyzeSql, analyzeSql, cachedAnalysis, type TextCache } from "../sql/index.ts";
import { type CompileInput, compileModels } from "./compile-models.ts";
import { digest } from "./digest.ts";
import type { FinalSqlOptions } from "./final-sql.ts";
import type { LoadedImport } from "./imports.ts";
import type { CompiledProject } from "./project.ts";
import type { AttachedContract, Portability } from "./rules/rule.ts";
import type { SourceSchemas } from "./source-schemas.ts";

export interface CompileProjectOptions extends FinalSqlOptions {
  readonly files: Files;
  readonly env: Environment;
  /** Directory of the models, or models loaded before. */
  readonly models: string | LoadedModels;
  /** Folder of `<model>.contract.toml` files; they win over contracts beside the models. */
  readonly contracts?: string;
  readonly variables?: RunVariables;
  readonly sources?: SourceSchemas;
  readonly config?: Pick<RockyConfig, "mask" | "allowUnmasked" | "freshness">;
  readonly portability?: Portability;
  readonly imports?: readonly LoadedImport[];
  readonly lineageDepth?: NonNullable<CompileInput["lineageDepth"]>;
  /** Remembers what queries hold, so that unchanged ones are not parsed again. */
  readonly cache?: TextCache;
  /** Reads the queries; by default with this thread alone. */
  readonly analyze?: AnalyzeSql;
}

/** Loads and compiles the models of a directory. Throws what loading throws, and when there is no model at all. */
export const compileProject = async (options: CompileProjectOptions): Promise<CompiledProject> => {
  const { files, env, models: given, contracts, cache, analyze = analyzeSql, ...rest } = options;
  const loaded = typeof given === "string" ? loadModels(files, env, given) : given;
  if (loaded.models.length === 0) throw noModels(loaded.directory);
  return compileModels({
    ...rest,
    models: loaded.models,
    analyze: cache === undefined ? analyze : cachedAnalysis(analyze, cache, digest),
    contracts: attachContracts(files, loaded, contracts),
  });
};

export const noModels = (directory: string): RockyError =>
  new RockyError("no_models", `there are no models in '${directory}'`, {
    where: { file: directory },
    hint: "point --models at a folder with .sql files",
  });

/** Contracts of a folder of their own. */
export const explicitContracts = (files: Files, directory: string | undefined): readonly AttachedContract[] =>
  (directory === undefined ? [] : (loadContracts(files, directory) ?? [])).map((contract) => ({
    contract,
    origin: "explicit",
  }));

const attachContracts = (
  files: Files,
  loaded: LoadedModels,
  directory: string | undefined,
): readonly AttachedContract[] => {
  const attached = [...explicitContracts(files, directory)];
  const taken = new Set(attached.map(({ contract }) => contract.model));
  for (const model of loaded.models) {
    if (model.contractFile === undefined || taken.has(model.name)) continue;
    // The file is named after the model's file; the model itself may have another name.
    const contract: Contract = { ...loadContract(files, model.contractFile), model: model.name };
    attached.push({ contract, origin: "auto" });
  }
  return attached;
};

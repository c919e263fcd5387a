import { type CompileProjectOptions, loadImports, type SourceSchemas } from "../compile/index.ts";
import type { RockyConfig } from "../config/index.ts";
import { RockyError } from "../errors.ts";
import { type LoadedModels, loadModels, type RunVariables } from "../models/index.ts";
import { nodeAnalysis } from "../node-analysis.ts";
import { nodeCache } from "../node-cache.ts";
import { withoutOutside } from "../run/outside-names.ts";
import { didYouMean } from "../suggest.ts";
import { cachedSources } from "./cached-sources.ts";
import type { CommandContext } from "./context.ts";
import { stringFlag, stringsFlag } from "./flags.ts";

export const DEFAULT_MODELS = "models";

/** Flags of every command that compiles. */
export const projectFlags = {
  models: stringFlag("folder of the models (default: models)", "DIR"),
} as const;

export const contractsFlag = stringFlag("folder of contracts; they win over those beside the models", "DIR");

export const variableFlag = stringsFlag(
  "value of a run variable, as name=value; may be repeated",
  "NAME=VALUE",
);

export const parseVariables = (assignments: readonly string[]): RunVariables => {
  const variables: Record<string, string> = {};
  for (const assignment of assignments) {
    const equals = assignment.indexOf("=");
    if (equals <= 0) {
      throw new RockyError("usage", `--var ${assignment} is no assignment`, {
        hint: "write --var name=value",
      });
    }
    variables[assignment.slice(0, equals)] = assignment.slice(equals + 1);
  }
  return variables;
};

export interface GivenProject {
  readonly models: string | undefined;
  readonly contracts?: string | undefined;
  readonly variables?: readonly string[];
  /** `--target-dialect`; wins over `[portability] target_dialect`. */
  readonly targetDialect?: keyof typeof DIALECTS | undefined;
}

const DIALECTS = { dbx: "databricks", sf: "snowflake", bq: "bigquery", duckdb: "duckdb" } as const;

export const portabilityOf = (
  { portability }: RockyConfig,
  flag: keyof typeof DIALECTS | undefined,
): Pick<CompileProjectOptions, "portability"> => {
  const dialect = flag === undefined ? portability.targetDialect : DIALECTS[flag];
  return dialect === undefined ? {} : { portability: { dialect, allow: portability.allow } };
};

/** Options whose models are loaded already. */
export type GivenOptions = CompileProjectOptions & {
  readonly models: LoadedModels;
  readonly sources: SourceSchemas;
};

/** Where a command takes the columns of tables from that are no models. */
type SourcesOf = (context: CommandContext, models: LoadedModels) => SourceSchemas | Promise<SourceSchemas>;

/** What compiling needs from flags, files, the state store and the config, if there are these. */
export const projectOptions = async (
  context: CommandContext,
  given: GivenProject,
  sourcesOf: SourcesOf = cachedSources,
): Promise<GivenOptions> => {
  const config = context.loadProjectConfig();
  const models = withoutOutside(
    { config, files: context.files, env: context.env },
    loadModels(context.files, context.env, given.models ?? DEFAULT_MODELS),
  );
  return {
    ...portabilityOf(config, given.targetDialect),
    files: context.files,
    env: context.env,
    models,
    variables: parseVariables(given.variables ?? []),
    config,
    imports: loadImports(context.files, config),
    cache: nodeCache(context.cwd),
    analyze: nodeAnalysis,
    sources: await sourcesOf(context, models),
    ...(given.contracts === undefined ? {} : { contracts: given.contracts }),
  };
};

export const unknownModel = (name: string, models: Iterable<string>): RockyError => {
  const names = [...models];
  return new RockyError("unknown_name", `there is no model named '${name}'`, {
    hint: didYouMean(name, names) ?? `models here: ${names.slice(0, 10).join(", ")}`,
  });
};

import {
  type CompiledModel,
  type CompiledProject,
  compileProject,
  type Diagnostic,
  isError,
} from "../compile/index.ts";
import { RockyError } from "../errors.ts";
import { ENGINE_VERSION } from "../version.ts";
import { defineCommand } from "./command.ts";
import { diagnosticsText } from "./diagnostics-text.ts";
import { booleanFlag, choiceFlag, stringFlag } from "./flags.ts";
import { freshnessShape, strategyShape, targetShape } from "./model-shapes.ts";
import {
  contractsFlag,
  projectFlags,
  projectOptions,
  unknownModel,
  variableFlag,
} from "./project-options.ts";
import { seedSources } from "./seed-sources.ts";

export const compile = defineCommand({
  name: "compile",
  summary: "Check the models: dependencies, columns, types, contracts",
  flags: {
    ...projectFlags,
    contracts: contractsFlag,
    model: stringFlag("report on this model only", "NAME"),
    "expand-macros": booleanFlag("add the SQL with macros expanded"),
    "target-dialect": choiceFlag("refuse SQL that this warehouse does not know", [
      "dbx",
      "sf",
      "bq",
      "duckdb",
    ]),
    "with-seed": booleanFlag("take source columns from data/seed.sql"),
    var: variableFlag,
  },
  positionals: [],
  run: async ({ flags }, context) => {
    const started = performance.now();
    const options = projectOptions(context, {
      models: flags.models,
      contracts: flags.contracts,
      variables: flags.var,
      targetDialect: flags["target-dialect"],
    });
    const sources = flags["with-seed"] ? await seedSources(context, options.models) : undefined;
    const project = await compileProject({ ...options, ...(sources === undefined ? {} : { sources }) });
    const view = projectView(project, flags.model);
    const errors = view.diagnostics.filter(isError);
    return {
      payload: {
        ...payload(view, performance.now() - started),
        ...(flags["expand-macros"] ? { expanded_sql: expandedSql(view.models) } : {}),
      },
      table: () => diagnosticsText(view.diagnostics, context.files, `${view.models.length} models compiled`),
      ...(errors.length === 0 ? {} : { error: compileFailure(errors) }),
    };
  },
});

/** The part of a project that is reported. */
interface ProjectView {
  readonly models: readonly CompiledModel[];
  readonly layers: number;
  readonly diagnostics: readonly Diagnostic[];
  readonly contracts: CompiledProject["contracts"];
}

const projectView = (project: CompiledProject, only: string | undefined): ProjectView => {
  const { contracts, diagnostics } = project;
  if (only === undefined) {
    return { models: [...project.models.values()], layers: project.dependencyLayers, diagnostics, contracts };
  }
  const model = project.models.get(only);
  if (model === undefined) throw unknownModel(only, project.models.keys());
  return {
    models: [model],
    layers: 1,
    diagnostics: diagnostics.filter((found) => found.model === only),
    contracts,
  };
};

const payload = (view: ProjectView, elapsedMs: number) => ({
  version: ENGINE_VERSION,
  command: "compile",
  models: view.models.length,
  execution_layers: view.layers,
  diagnostics: view.diagnostics,
  has_errors: view.diagnostics.some(isError),
  compile_timings: {
    project_load_ms: 0,
    semantic_graph_ms: 0,
    typecheck_ms: 0,
    typecheck_join_keys_ms: 0,
    contracts_ms: 0,
    total_ms: Math.round(elapsedMs),
  },
  models_detail: view.models.map((model) => modelDetail(model, view.contracts.get(model.name))),
});

const modelDetail = (
  { name, model, dependsOn }: CompiledModel,
  contract: "auto" | "explicit" | undefined,
) => ({
  name,
  strategy: strategyShape(model.strategy),
  target: targetShape(model.target),
  ...(model.freshness === undefined ? {} : { freshness: freshnessShape(model.freshness) }),
  // The original names only contracts that it found by itself.
  ...(contract === "auto" ? { contract_source: contract } : {}),
  ...(Object.keys(model.tags).length === 0 ? {} : { tags: model.tags }),
  ...(dependsOn.length === 0 ? {} : { depends_on: dependsOn }),
});

const expandedSql = (models: readonly CompiledModel[]): Readonly<Record<string, string>> =>
  Object.fromEntries(models.map(({ name, model }) => [name, model.sql]));

const compileFailure = (errors: readonly Diagnostic[]): RockyError => {
  const models = [...new Set(errors.map((error) => error.model))];
  const first = errors[0];
  const more = errors.length === 1 ? "" : ` and ${errors.length - 1} more`;
  return new RockyError(
    "compile_failed",
    `compilation failed: ${first?.code ?? ""} ${first?.message ?? ""}${more}`,
    {
      hint: `fix ${models.slice(0, 5).join(", ")}`,
    },
  );
};

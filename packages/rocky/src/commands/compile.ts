import {
  type CompiledModel,
  type CompiledProject,
  compileProject,
  type Diagnostic,
  isError,
} from "../compile/index.ts";
import type { RecordedProject } from "../compile/index.ts";
import { RockyError } from "../errors.ts";
import { listItems, renderWithFragments } from "../output/fragments.ts";
import { ENGINE_VERSION } from "../version.ts";
import { cachedSources } from "./cached-sources.ts";
import { type CommandOutcome, defineCommand } from "./command.ts";
import type { CommandContext } from "./context.ts";
import { diagnosticsText } from "./diagnostics-text.ts";
import { booleanFlag, choiceFlag, stringFlag } from "./flags.ts";
import { modelDetail, type ModelTexts, recordedProject } from "./recorded-project.ts";
import {
  contractsFlag,
  DEFAULT_MODELS,
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
    const given = {
      models: flags.models,
      contracts: flags.contracts,
      variables: flags.var,
      targetDialect: flags["target-dialect"],
    };
    if (!flags["with-seed"] && !flags["expand-macros"]) {
      const project = await recordedProject(context, [flags.models ?? DEFAULT_MODELS], given).catch(
        ifUnknown,
      );
      if (project !== undefined) return recordedOutcome(recordedView(project, flags.model), context, started);
    }
    const sourcesOf = flags["with-seed"] ? seedSources : cachedSources;
    const project = await compileProject(await projectOptions(context, given, sourcesOf));
    const view = projectView(project, flags.model);
    return {
      payload: {
        ...summary(view.models.length, view.layers),
        diagnostics: view.diagnostics,
        has_errors: view.diagnostics.some(isError),
        compile_timings: timings(started),
        models_detail: view.models.map((model) =>
          modelDetail({ ...model, contract: view.contracts.get(model.name) }),
        ),
        ...(flags["expand-macros"] ? { expanded_sql: expandedSql(view.models) } : {}),
      },
      ...reported(view.diagnostics, view.models.length, context),
    };
  },
});

/** What one folder does not know may be a seed, a pipeline, or a model of another one; the whole project tells. */
const ifUnknown = (thrown: unknown): undefined => {
  if (thrown instanceof RockyError && thrown.code === "unknown_name") return undefined;
  throw thrown;
};

const reported = (
  diagnostics: readonly Diagnostic[],
  models: number,
  context: CommandContext,
): Pick<CommandOutcome, "table" | "error"> => {
  const errors = diagnostics.filter(isError);
  return {
    table: () => diagnosticsText(diagnostics, context.files, `${models} models compiled`),
    ...(errors.length === 0 ? {} : { error: compileFailure(errors) }),
  };
};

/** What is reported of a project on record: texts, as long as nobody asks for more. */
interface RecordedView {
  readonly models: number;
  readonly layers: number;
  readonly diagnostics: readonly string[];
  readonly details: readonly string[];
}

const recordedView = (project: RecordedProject<ModelTexts>, only: string | undefined): RecordedView => {
  if (only === undefined) {
    const inLayers = project.layers.flatMap((layer) =>
      layer.map((position) => project.text("diagnostics", position)),
    );
    return {
      models: project.names.length,
      layers: project.layers.length,
      diagnostics: [...inLayers, listItems(JSON.parse(project.project))],
      details: project.byName.map((position) => project.text("detail", position)),
    };
  }
  const position = project.names.indexOf(only);
  if (position < 0) throw unknownModel(only, project.names);
  const aboutIt = (JSON.parse(project.project) as readonly Diagnostic[]).filter(
    ({ model }) => model === only,
  );
  return {
    models: 1,
    layers: 1,
    diagnostics: [project.text("diagnostics", position), listItems(aboutIt)],
    details: [project.text("detail", position)],
  };
};

/** Inside a text this would have backslashes before its quotes. */
const ERROR_MARK = '"severity": "Error"';

const recordedOutcome = (view: RecordedView, context: CommandContext, started: number): CommandOutcome => {
  const hasErrors = view.diagnostics.some((text) => text.includes(ERROR_MARK));
  const rendered = (): string =>
    renderWithFragments({
      ...summary(view.models, view.layers),
      diagnostics: { fragments: view.diagnostics },
      has_errors: hasErrors,
      compile_timings: timings(started),
      models_detail: { fragments: view.details },
    });
  const diagnostics = (): readonly Diagnostic[] =>
    JSON.parse(`[${view.diagnostics.filter((text) => text !== "").join(",")}]`);
  return {
    rendered,
    get payload(): unknown {
      return JSON.parse(rendered());
    },
    table: () => reported(diagnostics(), view.models, context).table?.() ?? "",
    ...(hasErrors ? reported(diagnostics(), view.models, context) : {}),
  };
};

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

const summary = (models: number, layers: number) => ({
  version: ENGINE_VERSION,
  command: "compile",
  models,
  execution_layers: layers,
});

const timings = (started: number) => ({
  project_load_ms: 0,
  semantic_graph_ms: 0,
  typecheck_ms: 0,
  typecheck_join_keys_ms: 0,
  contracts_ms: 0,
  total_ms: Math.round(performance.now() - started),
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

import type { RockyConfig } from "../config/index.ts";
import type { Model, RunVariables } from "../models/index.ts";
import { byText } from "../graph/layers.ts";
import { type AnalyzeSql, bareQuery } from "../sql/index.ts";
import { type DependencyGraph, dependencyGraph, executionOrder, graphModel } from "./dependencies.ts";
import { type Diagnostic, isError } from "./diagnostic.ts";
import { digest } from "./digest.ts";
import { type FinalSqlOptions, queryFinisher } from "./final-sql.ts";
import type { LoadedImport } from "./imports.ts";
import { prepareModels } from "./prepare.ts";
import type { InputDepth } from "./resolve-outputs.ts";
import type { CompiledModel, CompiledProject, OutputColumn } from "./project.ts";
import { diagnoseModel, diagnoseProject } from "./rules/index.ts";
import type { AttachedContract, ModelSummary, Portability, RuleContext } from "./rules/rule.ts";
import { starReads } from "./rules/stars.ts";
import { type SemanticModel, semanticModels, surrogateColumns, upstreamOf } from "./semantic-model.ts";
import { noSourceSchemas, type SourceSchemas } from "./source-schemas.ts";

export interface CompileInput extends FinalSqlOptions {
  readonly models: readonly Model[];
  readonly analyze: AnalyzeSql;
  readonly variables?: RunVariables;
  readonly contracts?: readonly AttachedContract[];
  /** Columns of source tables, for types and for stars. */
  readonly sources?: SourceSchemas;
  /** Without it nothing is said about masks and freshness. */
  readonly config?: Pick<RockyConfig, "mask" | "allowUnmasked" | "freshness">;
  /** Set when the SQL has to suit a certain warehouse. */
  readonly portability?: Portability;
  /** What other projects publish that this one reads. */
  readonly imports?: readonly LoadedImport[];
  /** Whether lineage ends at the CTEs and subqueries of a model (the default) or goes through them to tables. */
  readonly lineageDepth?: InputDepth;
}

/**
 * Compiles a project. Throws a `RockyError` when there is no project to speak of: SQL that cannot be read, an unknown
 * declared dependency, a cycle. Everything else is a diagnostic. Linear in the number of models.
 */
export const compileModels = async (input: CompileInput): Promise<CompiledProject> => {
  const sorted = [...input.models].sort((left, right) => byText(left.name, right.name));
  const prepared = await prepareModels(sorted, input.variables ?? {}, input.analyze);
  const graph = dependencyGraph(new Map([...prepared].map(([name, model]) => [name, graphModel(model)])));
  const execution = executionOrder(graph);
  const semantic = semanticModels(graph, prepared, input.sources ?? noSourceSchemas, input.lineageDepth);
  const contracts = contractsByModel(input.contracts ?? []);
  const diagnostics = diagnoseAll(semantic, graph, { ...ruleInput(input), contracts });
  const errors = errorsByModel(diagnostics);
  const finalQuery = queryFinisher(prepared, input);
  const models = new Map<string, CompiledModel>();
  for (const { name } of sorted) {
    const model = semantic.get(name);
    if (model === undefined) continue;
    const { references } = model.prepared.facts;
    const external = references.map(({ parts }) => parts.join(".")).filter((table) => !prepared.has(table));
    models.set(
      name,
      compiledModel(model, finalQuery, {
        sources: [...new Set(external)].sort(byText),
        dependsOn: graph.dependsOn.get(name) ?? [],
        runsAfter: execution.runsAfter.get(name) ?? [],
        errors: errors.get(name) ?? [],
      }),
    );
  }
  return {
    models,
    layers: execution.layers,
    diagnostics,
    hasErrors: errors.size > 0,
    dependencyLayers: graph.dependencyLayers.length,
    contracts: new Map([...contracts].map(([name, { origin }]) => [name, origin])),
    lineage: [...semantic.values()].flatMap((model) => model.edges),
  };
};

const contractsByModel = (contracts: readonly AttachedContract[]): ReadonlyMap<string, AttachedContract> =>
  new Map(contracts.map((attached) => [attached.contract.model, attached]));

/** What the rules get to see besides the models. */
export const ruleInput = ({
  config,
  imports,
  portability,
}: Pick<CompileInput, "config" | "imports" | "portability">): Pick<
  RuleContext,
  "config" | "imports" | "portability"
> => ({
  ...(config === undefined ? {} : { config }),
  ...(imports === undefined ? {} : { imports }),
  ...(portability === undefined ? {} : { portability }),
});

const diagnoseAll = (
  models: ReadonlyMap<string, SemanticModel>,
  { dependsOn }: DependencyGraph,
  rest: Omit<RuleContext, "upstream">,
): readonly Diagnostic[] => {
  const summaries = new Map<string, ModelSummary>();
  const found: Diagnostic[] = [];
  for (const [name, model] of models) {
    const upstream = upstreamOf(dependsOn.get(name) ?? [], (other) => models.get(other));
    const context: RuleContext = { ...rest, upstream };
    summaries.set(name, modelSummary(model, name, context));
    found.push(...diagnoseModel(model, name, context));
  }
  return [...found, ...diagnoseProject(summaries, rest)];
};

const modelSummary = (
  model: SemanticModel,
  name: string,
  context: Pick<RuleContext, "upstream">,
): ModelSummary => ({
  file: model.prepared.model.file,
  target: model.prepared.model.target,
  ephemeral: model.prepared.model.strategy.type === "ephemeral",
  starReads: starReads(model, name, context),
});

const errorsByModel = (diagnostics: readonly Diagnostic[]): ReadonlyMap<string, readonly Diagnostic[]> => {
  const errors = new Map<string, Diagnostic[]>();
  for (const found of diagnostics.filter(isError)) {
    const known = errors.get(found.model);
    if (known === undefined) errors.set(found.model, [found]);
    else known.push(found);
  }
  return errors;
};

const compiledModel = (
  { prepared: { model, sql: query }, columns, complete }: SemanticModel,
  finalQuery: (name: string) => string,
  rest: Pick<CompiledModel, "sources" | "dependsOn" | "runsAfter" | "errors">,
): CompiledModel => {
  let sql: string | undefined;
  let sqlHash: string | undefined;
  const compiled: CompiledModel = {
    name: model.name,
    model,
    ...rest,
    query: bareQuery(query),
    // Made when asked for: a query that inlines a long chain of ephemeral models is long, and few commands need it.
    get sql() {
      sql ??= finalQuery(model.name);
      return sql;
    },
    get sqlHash() {
      sqlHash ??= digest(compiled.sql);
      return sqlHash;
    },
    columns: [
      ...columns.map(({ name, type, nullable }): OutputColumn => ({ name, type, nullable })),
      ...surrogateColumns(model),
    ],
    columnsComplete: complete,
    starColumns: columns.filter((column) => column.fromStar).map((column) => column.name),
  };
  return compiled;
};

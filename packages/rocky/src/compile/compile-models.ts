import type { RockyConfig } from "../config/index.ts";
import type { Model, RunVariables } from "../models/index.ts";
import { byText } from "../graph/layers.ts";
import { type AnalyzeSql, bareQuery } from "../sql/index.ts";
import { modelGraph } from "./dependencies.ts";
import { type Diagnostic, isError } from "./diagnostic.ts";
import { digest } from "./digest.ts";
import { type FinalSqlOptions, finalQueries } from "./final-sql.ts";
import type { LoadedImport } from "./imports.ts";
import { prepareModels } from "./prepare.ts";
import type { CompiledModel, CompiledProject, OutputColumn } from "./project.ts";
import { diagnose } from "./rules/index.ts";
import type { AttachedContract, Portability } from "./rules/rule.ts";
import { type SemanticModel, semanticModels, surrogateColumns } from "./semantic-model.ts";
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
}

/**
 * Compiles a project. Throws a `RockyError` when there is no project to speak of: SQL that cannot be read, an unknown
 * declared dependency, a cycle. Everything else is a diagnostic. Linear in the number of models.
 */
export const compileModels = async (input: CompileInput): Promise<CompiledProject> => {
  const sorted = [...input.models].sort((left, right) => byText(left.name, right.name));
  const prepared = await prepareModels(sorted, input.variables ?? {}, input.analyze);
  const graph = modelGraph(prepared);
  const order = graph.dependencyLayers.flat();
  const semantic = semanticModels(graph.dependencyLayers, prepared, input.sources ?? noSourceSchemas);
  const contracts = input.contracts ?? [];
  const diagnostics = diagnose({
    models: semantic,
    graph,
    contracts,
    ...(input.config === undefined ? {} : { config: input.config }),
    ...(input.imports === undefined ? {} : { imports: input.imports }),
    ...(input.portability === undefined ? {} : { portability: input.portability }),
  });
  const errors = errorsByModel(diagnostics);
  const queries = finalQueries(order, prepared, input);
  const models = new Map<string, CompiledModel>();
  for (const { name } of sorted) {
    const model = semantic.get(name);
    if (model === undefined) continue;
    const { references } = model.prepared.facts;
    const external = references.map(({ parts }) => parts.join(".")).filter((table) => !prepared.has(table));
    models.set(
      name,
      compiledModel(model, {
        sql: queries.get(name) ?? "",
        sources: [...new Set(external)].sort(byText),
        dependsOn: graph.dependsOn.get(name) ?? [],
        runsAfter: graph.runsAfter.get(name) ?? [],
        errors: errors.get(name) ?? [],
      }),
    );
  }
  return {
    models,
    layers: graph.layers,
    diagnostics,
    hasErrors: errors.size > 0,
    dependencyLayers: graph.dependencyLayers.length,
    contracts: new Map(contracts.map(({ contract, origin }) => [contract.model, origin])),
    lineage: [...semantic.values()].flatMap((model) => model.edges),
  };
};

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
  rest: Pick<CompiledModel, "sql" | "sources" | "dependsOn" | "runsAfter" | "errors">,
): CompiledModel => {
  const plain: readonly OutputColumn[] = columns.map(({ name, type, nullable }) => ({
    name,
    type,
    nullable,
  }));
  return {
    name: model.name,
    model,
    ...rest,
    query: bareQuery(query),
    sqlHash: digest(rest.sql),
    columns: [...plain, ...surrogateColumns(model)],
    columnsComplete: complete,
    starColumns: columns.filter((column) => column.fromStar).map((column) => column.name),
  };
};

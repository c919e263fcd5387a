import { RockyError } from "../errors.ts";
import type { Model, RunVariables } from "../models/index.ts";
import { type AnalyzeSql, type QueryFacts, type SqlProblem, substituteVariables } from "../sql/index.ts";

/** A model whose query has been read. */
export interface PreparedModel {
  readonly model: Model;
  /** The query with run variables filled in. */
  readonly sql: string;
  readonly facts: QueryFacts;
  readonly missingVariables: readonly string[];
}

/** Reads every model's query. All that cannot be read are reported together, because fixing one by one is slow. */
export const prepareModels = async (
  models: readonly Model[],
  variables: RunVariables,
  analyze: AnalyzeSql,
): Promise<ReadonlyMap<string, PreparedModel>> => {
  refuseDuplicates(models);
  const queries = models.map((model) => substituteVariables(model.sql, variables));
  const analyses = await analyze(queries.map((query) => query.sql));
  const prepared = new Map<string, PreparedModel>();
  const problems: Unreadable[] = [];
  models.forEach((model, index) => {
    const query = queries[index];
    const analysis = analyses[index];
    if (query === undefined || analysis === undefined) return;
    const { sql, missing: missingVariables } = query;
    if (analysis.ok) prepared.set(model.name, { model, sql, facts: analysis.facts, missingVariables });
    else problems.push({ model, problem: analysis.problem });
  });
  if (problems.length > 0) throw unreadable(problems);
  return prepared;
};

/** Throws when two models have one name. */
export const refuseDuplicates = (models: readonly Named[]): void => {
  const byName = new Map<string, Named>();
  for (const model of models) {
    const first = byName.get(model.name);
    if (first !== undefined) {
      throw new RockyError(
        "model_invalid",
        `two models are named '${model.name}': ${first.file} and ${model.file}`,
        {
          where: { file: model.configFile ?? model.file, key: "name" },
          hint: "rename one of them",
        },
      );
    }
    byName.set(model.name, model);
  }
};

type Named = Pick<Model, "name" | "file" | "configFile">;

interface Unreadable {
  readonly model: Model;
  readonly problem: SqlProblem;
}

const unreadable = (problems: readonly Unreadable[]): RockyError => {
  const lines = problems.map(({ model, problem }) => {
    const line = problem.line === undefined ? "" : `:${problem.line + model.sqlLineOffset}`;
    const column = problem.column === undefined ? "" : `:${problem.column}`;
    return `  ${model.name} (${model.file}${line}${column}): ${problem.message}`;
  });
  const first = problems[0];
  const line = first?.problem.line;
  return new RockyError(
    "sql_unsupported",
    `the SQL of ${problems.length} model(s) cannot be read:\n${lines.join("\n")}`,
    {
      where: {
        ...(first === undefined ? {} : { file: first.model.file }),
        ...(first === undefined || line === undefined ? {} : { line: line + first.model.sqlLineOffset }),
        ...(first?.problem.column === undefined ? {} : { column: first.problem.column }),
      },
      hint: "a model is one SELECT, with or without WITH and set operations",
    },
  );
};

import type { LoadedModels, Model, RunVariables } from "../models/index.ts";
import { analyzeSql, substituteVariables } from "../sql/index.ts";

const targetKeys = ({ catalog, schema, table }: Model["target"]): readonly string[] => [
  `${schema}.${table}`.toLowerCase(),
  `${catalog}.${schema}.${table}`.toLowerCase(),
];

/** Finds models by what SQL may call them, and by the table that they write. */
const indexModels = (models: readonly Model[]) => {
  const byName = new Map(models.map((model) => [model.name, model]));
  const byTarget = new Map<string, Model[]>();
  for (const model of models) {
    for (const key of targetKeys(model.target)) {
      const known = byTarget.get(key);
      if (known === undefined) byTarget.set(key, [model]);
      else known.push(model);
    }
  }
  return {
    mentioned: (parts: readonly string[]): readonly Model[] => {
      if (parts.length !== 1) return byTarget.get(parts.join(".").toLowerCase()) ?? [];
      const found = byName.get(parts[0] ?? "");
      return found === undefined ? [] : [found];
    },
    sharing: (model: Model): readonly Model[] => byTarget.get(targetKeys(model.target)[1] ?? "") ?? [],
  };
};

/**
 * The models that compiling `name` needs: what it reads, directly or not, and who writes the same table. One model
 * of a large project is compiled by this much faster, and with the same result. A query that cannot be read stays
 * in; compiling reports it.
 */
export const closureOf = async (
  loaded: LoadedModels,
  name: string,
  variables: RunVariables,
): Promise<LoadedModels> => {
  const { mentioned, sharing } = indexModels(loaded.models);
  const needed = new Set<Model>();
  let next = loaded.models.filter((model) => model.name === name);
  while (next.length > 0) {
    for (const model of next) needed.add(model);
    const found = new Set(next.flatMap(sharing));
    for (const other of next.flatMap((model) => model.dependsOn.flatMap((one) => mentioned([one]))))
      found.add(other);
    const queries = next.map((model) => substituteVariables(model.sql, variables).sql);
    for (const analysis of await analyzeSql(queries)) {
      if (!analysis.ok) continue;
      for (const other of analysis.facts.references.flatMap(({ parts }) => mentioned(parts)))
        found.add(other);
    }
    next = [...found].filter((model) => !needed.has(model));
  }
  // In the order of the project, which decides between equal names.
  return { ...loaded, models: loaded.models.filter((model) => needed.has(model)) };
};

import { columnNames, diagnostic, fileSpan, listsAllColumns, type ModelRule } from "./rule.ts";

/** W006: a merge matches rows by columns that the query does not put out. */
export const mergeKeys: ModelRule = (model, name) => {
  const { strategy } = model.prepared.model;
  if (strategy.type !== "merge" || !listsAllColumns(model)) return [];
  return strategy.uniqueKey
    .filter((key) => model.table.find(key) === undefined)
    .map((key) =>
      diagnostic("Warning", "W006", name, {
        message: `unique_key '${key}' is not among the output columns`,
        suggestion: `columns put out: ${columnNames(model)}`,
        span: fileSpan(model),
      }),
    );
};

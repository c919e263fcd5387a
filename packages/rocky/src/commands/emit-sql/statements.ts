import type { CompiledModel } from "../../compile/index.ts";
import type { EmitDialect } from "./dialects.ts";

const INTO_EXISTING =
  "-- for a table that exists: `rocky run` creates it first and leaves out rows it has seen";

/** The SQL that builds one model, with a line that names it; nothing where `modelStatements` has nothing. */
export const modelBlock = (model: CompiledModel, dialect: EmitDialect): string | undefined => {
  const target = dialect.target(model.model.target);
  const statements = target === undefined ? [] : modelStatements(model, target, dialect);
  if (statements.length === 0) return undefined;
  const { type } = model.model.strategy;
  const note = type === "incremental" || type === "merge" || type === "delete_insert" ? [INTO_EXISTING] : [];
  const body = statements.map((statement) => `${statement};`).join("\n\n");
  return [`-- model: ${model.name}`, ...note, body].join("\n");
};

/** Nothing for strategies that the warehouse lacks or whose statements only a run can make. */
const modelStatements = (model: CompiledModel, target: string, dialect: EmitDialect): readonly string[] => {
  const { strategy } = model.model;
  switch (strategy.type) {
    case "full_refresh":
      return dialect.fullRefresh(target, model.sql);
    case "view":
      return dialect.view(target, model.sql);
    case "materialized_view":
      return dialect.materializedView?.(target, model.sql) ?? [];
    case "incremental":
    case "microbatch":
      return dialect.append(target, model.sql);
    case "delete_insert":
      return dialect.deleteInsert(target, model.sql, strategy.partitionBy);
    case "merge": {
      const columns = model.columns.map((column) => column.name);
      const updated = strategy.updateColumns ?? columns;
      // Without all column names the statement would lose data, so none is made up.
      if (!model.columnsComplete) return [];
      return dialect.merge?.(target, model.sql, { columns, keys: strategy.uniqueKey, updated }) ?? [];
    }
    case "time_interval":
    case "ephemeral":
    case "dynamic_table":
    case "content_addressed":
      return [];
    default:
      return strategy satisfies never;
  }
};

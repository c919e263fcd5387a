import { type CompiledModel, compileProject } from "../compile/index.ts";
import type { RockyConfig } from "../config/index.ts";
import { ENGINE_VERSION } from "../version.ts";
import { defineCommand } from "./command.ts";
import { EMIT_DIALECTS, type EmitDialect, type EmitDialectName, emitDialect } from "./emit-sql/dialects.ts";
import { choiceFlag, stringFlag } from "./flags.ts";
import { projectFlags, projectOptions, unknownModel, variableFlag } from "./project-options.ts";

export const emitSql = defineCommand({
  name: "emit-sql",
  summary: "Print the SQL that builds the models, for any warehouse",
  flags: {
    ...projectFlags,
    dialect: choiceFlag("warehouse to write for (default: that of the configuration)", EMIT_DIALECTS),
    model: stringFlag("this model only", "NAME"),
    var: variableFlag,
  },
  positionals: [],
  run: async ({ flags }, context) => {
    const name = flags.dialect ?? configuredDialect(context.loadConfig());
    const dialect = emitDialect[name];
    const project = await compileProject({
      ...projectOptions(context, { models: flags.models, variables: flags.var }),
      formatTarget: (target) =>
        dialect.target(target) ??
        [target.catalog, target.schema, target.table].filter((part) => part !== "").join("."),
      keyDialect: name,
    });
    if (flags.model !== undefined && !project.models.has(flags.model)) {
      throw unknownModel(flags.model, project.models.keys());
    }
    const blocks = [...project.models.values()]
      .filter((model) => flags.model === undefined || model.name === flags.model)
      .flatMap((model) => modelBlock(model, dialect));
    const text =
      blocks.length === 0 ? `-- no SQL for ${name} (rocky ${ENGINE_VERSION})\n` : `${blocks.join("\n\n")}\n`;
    return { text };
  },
});

const configuredDialect = (config: RockyConfig): EmitDialectName => {
  const types = config.adapters.map((adapter) => adapter.type);
  return EMIT_DIALECTS.find((name) => types.some((type) => type === name)) ?? "duckdb";
};

const INTO_EXISTING =
  "-- for a table that exists: `rocky run` creates it first and leaves out rows it has seen";

const modelBlock = (model: CompiledModel, dialect: EmitDialect): readonly string[] => {
  const target = dialect.target(model.model.target);
  const statements = target === undefined ? [] : modelStatements(model, target, dialect);
  if (statements.length === 0) return [];
  const { type } = model.model.strategy;
  const note = type === "incremental" || type === "merge" || type === "delete_insert" ? [INTO_EXISTING] : [];
  const body = statements.map((statement) => `${statement};`).join("\n\n");
  return [[`-- model: ${model.name}`, ...note, body].join("\n")];
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

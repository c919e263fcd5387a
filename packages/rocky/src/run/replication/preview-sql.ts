import type { Dialect } from "../../adapters/adapter.ts";
import { sqlColumn, sqlName, type TableRef } from "../../adapters/table-ref.ts";
import type { ReplicationPipeline } from "../../config/index.ts";
import { EPOCH, watermarkLiteral } from "./watermark.ts";
import type { CopyPlan, CopyTask } from "./tasks.ts";

export interface PlannedStatement {
  readonly purpose: string;
  readonly target: string;
  readonly sql: string;
}

// A plan is made without looking at the target, so it shows the statement in its general form: the floor of
// time as watermark, no column lists, and names without the catalog that a DuckDB session has anyway.
const local = (ref: TableRef): TableRef => ({ ...ref, catalog: "" });

const statementOf = (task: CopyTask, dialect: Dialect): PlannedStatement => {
  const target = sqlName(local(task.target), dialect);
  const extra = task.metadata.map(
    ({ name, type, value }) =>
      `, CAST(${value} AS ${type}) AS ${sqlColumn(name, "metadata_columns", dialect)}`,
  );
  const select = `SELECT *${extra.join("")}\nFROM ${sqlName(task.source, dialect)}`;
  const statement = (purpose: string, sql: string): PlannedStatement => ({ purpose, target, sql });
  switch (task.policy.strategy) {
    case "incremental": {
      const column = sqlColumn(task.policy.timestampColumn, target, dialect);
      const floor = watermarkLiteral(EPOCH, { name: column, type: "TIMESTAMP" });
      return statement("incremental_copy", `INSERT INTO ${target}\n${select}\nWHERE ${column} > ${floor}`);
    }
    case "merge": {
      const keys = task.policy.mergeKeys.map((key) => sqlColumn(key, target, dialect));
      const matches = keys.map((key) => `t.${key} = s.${key}`).join(" AND ");
      return statement(
        "merge_copy",
        `MERGE INTO ${target} AS t\nUSING (\n${select}\n) AS s\nON ${matches}\n` +
          "WHEN MATCHED THEN UPDATE SET *\nWHEN NOT MATCHED THEN INSERT *\n" +
          "-- the run names the columns that the source has by then",
      );
    }
    case "view":
      return statement("view", `CREATE OR REPLACE VIEW ${target} AS\n${select}`);
    case "materialized_view":
      return statement("unsupported", "-- materialized views are not supported by this warehouse");
    default:
      return statement("full_refresh_copy", `CREATE OR REPLACE TABLE ${target} AS\n${select}`);
  }
};

/** What a replication would send, schema by schema. */
export const previewCopies = (
  pipeline: ReplicationPipeline,
  plan: CopyPlan,
  dialect: Dialect,
): readonly PlannedStatement[] => {
  const statements: PlannedStatement[] = [];
  const bySchema = new Map<string, CopyTask[]>();
  for (const task of plan.tasks) {
    const key = `${task.target.catalog}.${task.target.schema}`;
    const known = bySchema.get(key);
    if (known === undefined) bySchema.set(key, [task]);
    else known.push(task);
  }
  for (const { catalog, schema } of plan.schemas) {
    if (pipeline.target.governance.autoCreateSchemas) {
      const name = dialect.quoteIdentifier(schema);
      statements.push({
        purpose: "create_schema",
        target: schema,
        sql: `CREATE SCHEMA IF NOT EXISTS ${name}`,
      });
    }
    for (const task of bySchema.get(`${catalog}.${schema}`) ?? [])
      statements.push(statementOf(task, dialect));
  }
  for (const { source_schema, table_name, reason } of plan.excluded) {
    const target = `${source_schema}.${table_name}`;
    statements.push({ purpose: "excluded", target, sql: `-- ${target} is left out: ${reason}` });
  }
  return statements;
};

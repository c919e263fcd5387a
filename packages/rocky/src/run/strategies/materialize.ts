import type { Connection, Dialect } from "../../adapters/adapter.ts";
import { isSqlError } from "../../adapters/sql-error.ts";
import { checkTarget, sqlName, type TableRef } from "../../adapters/table-ref.ts";
import { RockyError } from "../../errors.ts";
import type { Strategy } from "../../models/types.ts";
import { didYouMean } from "../../suggest.ts";
import { sqlTime } from "../partitions/period.ts";
import {
  createTable,
  deleteIncoming,
  deleteWindow,
  fillWindow,
  insertByName,
  mergeInto,
  replaceTable,
  replaceView,
} from "./statements.ts";

/** A model's query on its way to its target. */
export interface ModelWrite {
  readonly ref: TableRef;
  readonly query: string;
  readonly strategy: Strategy;
  /** The query's columns; undefined when compilation could not tell them all. */
  readonly columns: readonly string[] | undefined;
  /** The window of a time_interval model. */
  readonly window?: { readonly start: Date; readonly end: Date };
}

export interface WriteContext {
  readonly connection: Connection;
  readonly dialect: Dialect;
}

/** Before any window of a real partition: the empty table gets its columns and no row. */
const EMPTY_WINDOW = "1900-01-01 00:00:00";

const isKindConflict = (thrown: unknown, existing: "View" | "Table"): boolean =>
  isSqlError(thrown, "statement") && thrown.message.includes(`is of type ${existing}`);

const fullRefresh = async ({ connection }: WriteContext, name: string, query: string): Promise<number> => {
  const statement = replaceTable(name, query);
  try {
    return await connection.execute(statement);
  } catch (error) {
    if (!isKindConflict(error, "View")) throw error;
    // The model used to be a view; a view holds no data, so nothing is lost with it.
    return connection.transaction(async () => {
      await connection.execute(`DROP VIEW ${name}`);
      return connection.execute(statement);
    });
  }
};

const view = async ({ connection }: WriteContext, name: string, query: string): Promise<number> => {
  try {
    await connection.execute(replaceView(name, query));
    return 0;
  } catch (error) {
    if (!isKindConflict(error, "Table")) throw error;
    throw new RockyError("query_failed", `${name} is a table with data and the model is now a view`, {
      hint: `drop the table yourself (DROP TABLE ${name}) if its data is no longer needed`,
      cause: error,
    });
  }
};

/** The columns that the query really has, asked from the warehouse when compilation could not tell. */
const queryColumns = async ({ connection }: WriteContext, write: ModelWrite): Promise<readonly string[]> =>
  write.columns ?? (await connection.query(`DESCRIBE ${write.query}`)).map((row) => String(row[0]));

/** A column that the query does not bring would only be noticed by the second run, when there is something to match. */
const refuseMissing = (
  name: string,
  setting: string,
  wanted: readonly string[],
  columns: readonly string[],
): void => {
  const known = new Set(columns.map((column) => column.toLowerCase()));
  const missing = wanted.find((column) => !known.has(column.toLowerCase()));
  if (missing === undefined) return;
  throw new RockyError(
    "model_invalid",
    `the query for ${name} has no column '${missing}', which is in its ${setting}`,
    {
      hint: didYouMean(missing, columns) ?? `it has ${columns.join(", ")}`,
    },
  );
};

const merge = async (
  context: WriteContext,
  name: string,
  write: ModelWrite,
  strategy: Extract<Strategy, { type: "merge" }>,
  isNew: boolean,
): Promise<number> => {
  const all = await queryColumns(context, write);
  refuseMissing(name, "unique_key", strategy.uniqueKey, all);
  refuseMissing(name, "update_columns", strategy.updateColumns ?? [], all);
  if (isNew) return context.connection.execute(createTable(name, write.query));
  const columns = { all, keys: strategy.uniqueKey, updated: strategy.updateColumns ?? all };
  return context.connection.execute(mergeInto(name, write.query, columns, context.dialect));
};

const timeInterval = async (
  { connection, dialect }: WriteContext,
  name: string,
  write: ModelWrite,
  strategy: Extract<Strategy, { type: "time_interval" }>,
): Promise<number> => {
  if (write.window === undefined) throw new RockyError("internal", `no window was planned for ${name}`);
  const start = sqlTime(write.window.start);
  const end = sqlTime(write.window.end);
  return connection.transaction(async () => {
    await connection.execute(deleteWindow(name, strategy.timeColumn, start, end, dialect));
    return connection.execute(insertByName(name, fillWindow(write.query, start, end)));
  });
};

const unsupported = (strategy: string): RockyError =>
  new RockyError("unsupported", `the ${strategy} strategy is not supported by this warehouse`, {
    hint: "use full_refresh or view",
  });

/** Writes one model (one window of it), creating its table on the first run. Answers the rows written. */
export const materialize = async (context: WriteContext, write: ModelWrite): Promise<number> => {
  const { connection, dialect } = context;
  const { strategy, query } = write;
  const name = sqlName(checkTarget(write.ref), dialect);
  const missing = async (): Promise<boolean> => (await connection.describe(write.ref)) === undefined;
  switch (strategy.type) {
    case "full_refresh":
      return fullRefresh(context, name, query);
    case "view":
      return view(context, name, query);
    case "incremental":
    case "microbatch":
      return connection.execute((await missing()) ? createTable(name, query) : insertByName(name, query));
    case "merge":
      return merge(context, name, write, strategy, await missing());
    case "delete_insert":
      refuseMissing(name, "partition_by", strategy.partitionBy, await queryColumns(context, write));
      if (await missing()) return connection.execute(createTable(name, query));
      return connection.transaction(async () => {
        await connection.execute(deleteIncoming(name, query, strategy.partitionBy, dialect));
        return connection.execute(insertByName(name, query));
      });
    case "time_interval":
      if (await missing()) {
        await connection.execute(createTable(name, fillWindow(query, EMPTY_WINDOW, EMPTY_WINDOW)));
      }
      return timeInterval(context, name, write, strategy);
    case "ephemeral":
      return 0;
    case "materialized_view":
      throw unsupported("MATERIALIZED VIEW");
    case "dynamic_table":
      throw unsupported("dynamic_table");
    case "content_addressed":
      throw unsupported("content_addressed");
    default:
      return strategy satisfies never;
  }
};

import type { ColumnInfo, Connection, Dialect } from "../../adapters/adapter.ts";
import { sqlColumn, sqlName } from "../../adapters/table-ref.ts";
import { RockyError } from "../../errors.ts";
import type { DriftAction } from "../output.ts";
import { explainWrite } from "../strategies/explain-write.ts";
import { createTable, insertByName, mergeInto, replaceTable, replaceView } from "../strategies/statements.ts";
import { type Drift, findDrift } from "./drift.ts";
import type { CopyTask } from "./tasks.ts";
import { EPOCH, isoWatermark, timestampColumnOf, watermarkLiteral } from "./watermark.ts";

export interface CopyContext {
  readonly connection: Connection;
  readonly dialect: Dialect;
  /** Where the last copy ended (ISO 8601); undefined copies everything. */
  readonly watermark: string | undefined;
  /** True when an earlier copy of this table died on the way: its data may be ahead of its watermark. */
  readonly unfinished: boolean;
  /** Called right before the first statement that changes the target. */
  readonly beforeWrite: () => Promise<void>;
}

export interface CopyResult {
  /** What was done, which is a full refresh also when an incremental copy starts anew. */
  readonly strategy: string;
  readonly watermark: string;
  readonly rows: number;
  readonly sourceColumns: readonly ColumnInfo[];
  readonly driftActions: readonly DriftAction[];
}

interface Prepared {
  readonly task: CopyTask;
  readonly source: readonly ColumnInfo[];
  readonly target: readonly ColumnInfo[] | undefined;
  readonly name: string;
  readonly select: string;
  readonly drift: Drift;
}

const selectOf = (task: CopyTask, dialect: Dialect): string => {
  const extra = task.metadata.map(
    ({ name, type, value }) =>
      `, CAST(${value} AS ${type}) AS ${sqlColumn(name, "metadata_columns", dialect)}`,
  );
  return `SELECT *${extra.join("")}\nFROM ${sqlName(task.source, dialect)}`;
};

/** The first candidate list of keys that the source has completely. */
const mergeKeysOf = (task: CopyTask, source: readonly ColumnInfo[]): readonly string[] => {
  const known = new Set(source.map(({ name }) => name.toLowerCase()));
  const { mergeKeys, mergeKeysFallback } = task.policy;
  for (const keys of [mergeKeys, mergeKeysFallback]) {
    if (keys.length > 0 && keys.every((key) => known.has(key.toLowerCase()))) return keys;
  }
  const shown = [...mergeKeys, ...mergeKeysFallback].join(", ") || "none given";
  throw new RockyError(
    "config_invalid",
    `table ${task.source.table} has not all of its merge keys (${shown})`,
    {
      hint: "set merge_keys, or another strategy, for it in [[table_overrides]]",
    },
  );
};

const alterations = (drift: Drift, name: string, dialect: Dialect): readonly string[] => {
  if (drift.kind !== "alter") return [];
  const column = (info: ColumnInfo): string => sqlColumn(info.name, name, dialect);
  return [
    ...drift.widened.map((info) => `ALTER TABLE ${name} ALTER COLUMN ${column(info)} TYPE ${info.type}`),
    ...drift.added.map((info) => `ALTER TABLE ${name} ADD COLUMN ${column(info)} ${info.type}`),
  ];
};

/** Changes the table and fills it, or does neither. */
const alterAndWrite = async (
  context: CopyContext,
  prepared: Prepared,
  statement: string,
): Promise<number> => {
  const { connection, dialect } = context;
  for (const change of alterations(prepared.drift, prepared.name, dialect)) await connection.execute(change);
  return connection.execute(statement);
};

/** The newest value of a table's timestamp column, as a watermark; undefined for an empty table. */
export const newestIn = async (
  connection: Connection,
  name: string,
  column: string,
  dialect: Dialect,
): Promise<string | undefined> => {
  const value = await connection.scalar(`SELECT MAX(${sqlColumn(column, name, dialect)}) FROM ${name}`);
  if (value === null) return undefined;
  const watermark = isoWatermark(String(value));
  if (watermark !== undefined) return watermark;
  throw new RockyError(
    "query_failed",
    `the newest ${column} of ${name} is '${String(value)}', which an incremental copy cannot go on from`,
    {
      hint: "it takes the years 0000 to 9999; set another timestamp_column, or another strategy, for it in [[table_overrides]]",
    },
  );
};

const newest = (context: CopyContext, name: string, column: string): Promise<string | undefined> =>
  newestIn(context.connection, name, column, context.dialect);

/**
 * What to copy while no dated row has come yet. The epoch then only stands for "nothing so far", and older rows must
 * not be passed over; undefined when the table has dated rows.
 */
const beginning = async (
  { connection, dialect }: CopyContext,
  name: string,
  column: string,
): Promise<string | undefined> => {
  const own = sqlColumn(column, name, dialect);
  const [row] = await connection.query(`SELECT COUNT(*), COUNT(${own}) FROM ${name}`);
  const [all, dated] = (row ?? []).map(Number);
  if (dated !== 0) return undefined;
  return all === 0 ? "TRUE" : `${own} IS NOT NULL`;
};

const full = (context: CopyContext, { name, select, target }: Prepared): Promise<number> =>
  context.connection.execute(target === undefined ? createTable(name, select) : replaceTable(name, select));

const incremental = async (
  context: CopyContext,
  prepared: Prepared,
): Promise<Omit<CopyResult, "sourceColumns">> => {
  const { task, source, name, select, drift, target } = prepared;
  const column = timestampColumnOf(source, task.policy.timestampColumn, name);
  const anew = context.watermark === undefined || target === undefined || drift.kind === "recreate";
  const since =
    (context.unfinished && !anew ? await newest(context, name, column.name) : undefined) ??
    context.watermark ??
    EPOCH;
  const filter = since === EPOCH && !anew ? await beginning(context, name, column.name) : undefined;
  const condition =
    filter ?? `${sqlColumn(column.name, name, context.dialect)} > ${watermarkLiteral(since, column)}`;
  await context.beforeWrite();
  // One transaction: rows whose watermark cannot be told must not stay, or the next run would copy them again.
  return context.connection.transaction(async () => {
    const rows = anew
      ? await full(context, prepared)
      : await alterAndWrite(context, prepared, insertByName(name, `${select}\nWHERE ${condition}`));
    return {
      strategy: anew ? "full_refresh" : "incremental",
      rows,
      watermark: (await newest(context, name, column.name)) ?? context.watermark ?? EPOCH,
      driftActions: driftActions(prepared),
    };
  });
};

const merge = async (
  context: CopyContext,
  prepared: Prepared,
): Promise<Omit<CopyResult, "sourceColumns">> => {
  const { task, source, name, select, target, drift } = prepared;
  const keys = mergeKeysOf(task, source);
  const anew = target === undefined || drift.kind === "recreate";
  const all = [...source.map((column) => column.name), ...task.metadata.map((column) => column.name)];
  const statement = mergeInto(name, select, { all, keys, updated: all }, context.dialect);
  await context.beforeWrite();
  const rows = await context.connection.transaction(() =>
    anew ? full(context, prepared) : alterAndWrite(context, prepared, statement),
  );
  return {
    strategy: anew ? "full_refresh" : "merge",
    rows,
    watermark: new Date().toISOString(),
    driftActions: driftActions(prepared),
  };
};

const driftActions = ({ drift, task }: Prepared): readonly DriftAction[] => {
  const { catalog, schema, table } = task.target;
  const name = [catalog, schema, table].filter((part) => part !== "").join(".");
  switch (drift.kind) {
    case "none":
      return [];
    case "recreate":
      return [{ table: name, action: "drop_and_recreate", reason: drift.reasons.join(", ") }];
    case "alter":
      return drift.actions.map(({ action, reason }) => ({ table: name, action, reason }));
    default:
      return drift satisfies never;
  }
};

const write = async (
  context: CopyContext,
  prepared: Prepared,
): Promise<Omit<CopyResult, "sourceColumns">> => {
  const { strategy } = prepared.task.policy;
  switch (strategy) {
    case "incremental":
      return incremental(context, prepared);
    case "merge":
      return merge(context, prepared);
    case "view":
      await context.connection.execute(replaceView(prepared.name, prepared.select));
      return { strategy, rows: 0, watermark: new Date().toISOString(), driftActions: [] };
    case "materialized_view":
      throw new RockyError(
        "unsupported",
        "the MATERIALIZED VIEW strategy is not supported by this warehouse",
        { hint: 'use strategy = "view" or "full_refresh"' },
      );
    default: {
      // An unknown text is a full refresh as well; `validate` warns about it.
      const rows = await full(context, prepared);
      const watermark = new Date().toISOString();
      return { strategy: "full_refresh", rows, watermark, driftActions: driftActions(prepared) };
    }
  }
};

/** Copies one table. Undefined when the source has vanished since it was discovered. */
export const copyTable = async (context: CopyContext, task: CopyTask): Promise<CopyResult | undefined> => {
  const source = await context.connection.describe(task.source);
  if (source === undefined) return undefined;
  try {
    const target = await context.connection.describe(task.target);
    const own = task.metadata.map((column) => column.name);
    const isView = task.policy.strategy === "view";
    const prepared: Prepared = {
      task,
      source,
      target,
      name: sqlName(task.target, context.dialect),
      select: selectOf(task, context.dialect),
      drift: target === undefined || isView ? { kind: "none" } : findDrift(source, target, own),
    };
    return { ...(await write(context, prepared)), sourceColumns: source };
  } catch (error) {
    throw await explainWrite(context.connection, context.dialect, task.target, error);
  }
};

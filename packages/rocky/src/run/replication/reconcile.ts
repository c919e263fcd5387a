import type { Session } from "../../adapters/adapter.ts";
import { displayName, sqlName, type TableRef } from "../../adapters/table-ref.ts";
import type { ReplicationPipeline } from "../../config/index.ts";
import { RockyError } from "../../errors.ts";
import type { StateDatabase } from "../../state/database.ts";
import { putWatermark, removeWatermark, watermarkMap } from "../../state/watermarks.ts";
import { didYouMean } from "../../suggest.ts";
import type { RunEnvironment } from "../environment.ts";
import { newestIn } from "./copy-table.ts";
import { discoverSources } from "./discover.ts";
import { sourceCatalogOf, targetSession } from "./source-catalog.ts";
import { type CopyTask, planCopies } from "./tasks.ts";
import { timestampColumnOf } from "./watermark.ts";

/** One table's watermark, before and after. */
export interface Reconciled {
  readonly table: string;
  readonly previous: string | null;
  /** The newest value in the table; null when it is empty or missing. */
  readonly target_max: string | null;
  /** What the next copy goes on from; null means that it copies everything. */
  readonly watermark: string | null;
}

const chosen = (tasks: readonly CopyTask[], tables: readonly string[]): readonly CopyTask[] => {
  if (tables.length === 0) return tasks;
  const names = ({ target }: CopyTask): readonly string[] => [
    target.table,
    `${target.schema}.${target.table}`,
    displayName(target),
  ];
  for (const table of tables) {
    if (tasks.some((task) => names(task).includes(table))) continue;
    const near = didYouMean(
      table,
      tasks.map(({ target }) => target.table),
    );
    throw new RockyError("unknown_name", `no incremental table is named '${table}'`, {
      hint: near ?? "tables are named TABLE, SCHEMA.TABLE or CATALOG.SCHEMA.TABLE of the target",
    });
  }
  return tasks.filter((task) => names(task).some((name) => tables.includes(name)));
};

const newestOf = async (session: Session, target: TableRef, column: string): Promise<string | null> => {
  const columns = await session.describe(target);
  if (columns === undefined) return null;
  const name = sqlName(target, session.dialect);
  const { name: found } = timestampColumnOf(columns, column, name);
  return (await newestIn(session, name, found, session.dialect)) ?? null;
};

/**
 * Sets the watermarks of incremental tables to what the tables really hold, for tables that were restored, edited
 * or emptied by hand. Without `tables` all of the pipeline's.
 */
export const reconcileWatermarks = async (
  env: RunEnvironment,
  pipeline: ReplicationPipeline,
  state: StateDatabase,
  tables: readonly string[],
  dryRun: boolean,
): Promise<readonly Reconciled[]> => {
  const session = await targetSession(env, pipeline, "read");
  const catalog = await sourceCatalogOf(env, pipeline, session);
  const { sources } = await discoverSources(env, pipeline, session, catalog);
  const { tasks } = planCopies(pipeline, sources, undefined, undefined, catalog);
  const incremental = tasks.filter(({ policy }) => policy.strategy === "incremental");
  const known = await watermarkMap(state);
  const results: Reconciled[] = [];
  for (const { target, policy } of chosen(incremental, tables)) {
    const table = displayName(target);
    const newest = await newestOf(session, target, policy.timestampColumn);
    results.push({ table, previous: known.get(table) ?? null, target_max: newest, watermark: newest });
  }
  if (dryRun) return results;
  await state.write((transaction) => {
    for (const { table, watermark } of results) {
      if (watermark === null) removeWatermark(transaction, table);
      else putWatermark(transaction, table, watermark);
    }
  });
  return results;
};

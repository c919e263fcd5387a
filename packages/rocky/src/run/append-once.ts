import type { Connection, Dialect } from "../adapters/adapter.ts";
import { displayName, sqlName, type TableRef } from "../adapters/table-ref.ts";
import { type Append, beginAppend, findDiedAppend, finishAppend } from "../state/appends.ts";
import type { StateDatabase } from "../state/database.ts";

export interface AppendContext {
  readonly connection: Connection;
  readonly dialect: Dialect;
  readonly state: StateDatabase;
  /** What the append belongs to; when all of it has ended, appending again is meant. */
  readonly work: string;
}

export interface Appended {
  readonly rows: number;
  /** True when a process that was killed had made it, and nothing was done now. */
  readonly before: boolean;
}

/** Rows of a table; -1 when there is none. */
const countRows = async ({ connection, dialect }: AppendContext, ref: TableRef): Promise<number> => {
  if ((await connection.describe(ref)) === undefined) return -1;
  return Number(await connection.scalar(`SELECT COUNT(*) FROM ${sqlName(ref, dialect)}`));
};

/**
 * Appends, unless a run that was killed has made this very append: its rows are in the table, and it could not say
 * so. `append` answers the rows that it wrote.
 */
export const appendOnce = async (
  context: AppendContext,
  ref: TableRef,
  what: Pick<Append, "file" | "stamp">,
  append: () => Promise<number>,
): Promise<Appended> => {
  const { state, work } = context;
  const noted: Append = { ...what, target: displayName(ref) };
  const now = await countRows(context, ref);
  const died = await findDiedAppend(state, noted);
  const written = died === undefined || now === -1 ? undefined : writtenBy(died, now);
  if (written !== undefined) {
    await finishAppend(state, work, noted, written);
    return { rows: written, before: true };
  }
  await beginAppend(state, work, noted, now);
  const rows = await append();
  // Nothing written can be tried again, and may have been refused.
  if (rows > 0) await finishAppend(state, work, noted, rows);
  return { rows, before: false };
};

/**
 * What it said itself, else what the table has grown by; undefined when nothing of it was committed, or somebody has
 * emptied the table since.
 */
const writtenBy = (
  { rows, rowsBefore }: { readonly rows: number | undefined; readonly rowsBefore: number },
  now: number,
): number | undefined => {
  if (rows !== undefined) return rows > now ? undefined : rows;
  const grown = now - Math.max(rowsBefore, 0);
  return grown > 0 ? grown : undefined;
};

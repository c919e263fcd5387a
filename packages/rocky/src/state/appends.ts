import type { StateDatabase, Transaction } from "./database.ts";
import { ownerMayLive, ownOwner } from "./owner.ts";

// Appending twice doubles rows, so an append is noted before it is made and forgotten when the work that it belongs to
// has ended. What is left over was made, or not, by a process that was killed; the table's row count tells which.

/** One append to a table. */
export interface Append {
  /** `catalog.schema.table`. */
  readonly target: string;
  /** Empty for a model. */
  readonly file: string;
  /** Changes with what is appended: a query's hash, or a file's size and time. */
  readonly stamp: string;
}

/** An append whose process was killed before its work had ended. */
export interface DiedAppend {
  /** Rows of the table before; -1 when there was no table. */
  readonly rowsBefore: number;
  /** Rows that it wrote; undefined when the process was killed before it could say so. */
  readonly rows: number | undefined;
}

const NOBODY = "";

export const beginAppend = (
  state: StateDatabase,
  work: string,
  { target, file, stamp }: Append,
  rowsBefore: number,
): Promise<void> =>
  state.write((transaction) =>
    transaction.run(
      "INSERT OR REPLACE INTO appends VALUES (?, ?, ?, ?, ?, ?, NULL)",
      target,
      file,
      stamp,
      work,
      ownOwner(),
      rowsBefore,
    ),
  );

/** Notes that the append is committed, and that it now belongs to `work`. */
export const finishAppend = (
  state: StateDatabase,
  work: string,
  { target, file }: Append,
  rows: number,
): Promise<void> =>
  state.write((transaction) =>
    transaction.run(
      "UPDATE appends SET rows = ?, work = ?, owner = ? WHERE target = ? AND file = ?",
      rows,
      work,
      ownOwner(),
      target,
      file,
    ),
  );

/** What a killed process left of this very append, if anything. */
export const findDiedAppend = async (
  state: StateDatabase,
  { target, file, stamp }: Append,
): Promise<DiedAppend | undefined> => {
  const [row] = await state.all(
    "SELECT owner, rows_before, rows FROM appends WHERE target = ? AND file = ? AND stamp = ?",
    target,
    file,
    stamp,
  );
  if (row === undefined || (row[0] !== NOBODY && ownerMayLive(String(row[0])))) return undefined;
  return { rowsBefore: Number(row[1]), rows: row[2] === null ? undefined : Number(row[2]) };
};

/**
 * Once the work has ended, well or badly, the next one appends again. Work that was interrupted on purpose is gone on
 * with, just as when it is killed.
 */
export const settleAppends = (transaction: Transaction, work: string, interrupted: boolean): void => {
  if (interrupted) transaction.run("UPDATE appends SET owner = ? WHERE work = ?", NOBODY, work);
  else transaction.run("DELETE FROM appends WHERE work = ?", work);
};

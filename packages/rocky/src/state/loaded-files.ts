import type { StateDatabase, Transaction } from "./database.ts";

export interface LoadedFile {
  /** `catalog.schema.table`. */
  readonly target: string;
  readonly file: string;
  /** Content digest in hex. */
  readonly digest: string;
  readonly rowCount: number;
}

/** What has been loaded into a target, by file. */
export const loadedFiles = async (
  state: StateDatabase,
  target: string,
): Promise<ReadonlyMap<string, LoadedFile>> => {
  const rows = await state.all(
    "SELECT target, file, digest, row_count FROM loaded_files WHERE target = ?",
    target,
  );
  return new Map(
    rows.map((row) => [
      String(row[1]),
      { target: String(row[0]), file: String(row[1]), digest: String(row[2]), rowCount: Number(row[3]) },
    ]),
  );
};

export const putLoadedFile = (transaction: Transaction, file: LoadedFile): void =>
  transaction.run(
    "INSERT OR REPLACE INTO loaded_files VALUES (?, ?, ?, ?, ?)",
    file.target,
    file.file,
    file.digest,
    file.rowCount,
    new Date().toISOString(),
  );

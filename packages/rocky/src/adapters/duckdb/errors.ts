import { SqlError } from "../sql-error.ts";

/** A file that is read over the network and did not come; the next try may get it. */
const NETWORK =
  /^(?:HTTP|IO) Error: .*(?:HTTP 5\d\d|HTTP 429|Timeout|timed out|onnection (?:refused|reset)|Could not establish connection|Failed to download)/is;

const textOf = (thrown: unknown): string => (thrown instanceof Error ? thrown.message : String(thrown));

export interface LockConflict {
  /** Who holds the file, such as `/usr/bin/node (PID 42)`; `another process` when DuckDB does not say. */
  readonly holder: string;
}

/** Recognises DuckDB's refusal to open a file that another process has open. */
export const lockConflictOf = (thrown: unknown): LockConflict | undefined => {
  const text = textOf(thrown);
  if (!text.includes("Could not set lock on file")) return undefined;
  const held = /Conflicting lock is held in (.+?) \(PID (\d+)\)/.exec(text);
  return { holder: held === null ? "another process" : `${held[1]} (PID ${held[2]})` };
};

export const openError = (file: string, thrown: unknown): SqlError =>
  new SqlError("open", `cannot open the DuckDB database '${file}': ${textOf(thrown)}`, {
    file,
    hint: "check `path` of the adapter: its folder must exist and the file must be a DuckDB database",
    cause: thrown,
  });

/** A statement's failure as the engine's own error; the text is DuckDB's. */
export const statementError = (sql: string, thrown: unknown): SqlError => {
  const text = textOf(thrown);
  const options = { sql, cause: thrown };
  if (text.startsWith("INTERRUPT"))
    return new SqlError("interrupted", "the command was interrupted", options);
  if (/^Catalog Error: (Table|View|Schema) with name .* does not exist/.test(text)) {
    return new SqlError("missing_relation", `DuckDB error: ${text}`, options);
  }
  if (/^TransactionContext Error: .*conflict/i.test(text) || /write-write conflict/i.test(text)) {
    return new SqlError("conflict", `DuckDB error: ${text}`, options);
  }
  if (NETWORK.test(text)) return new SqlError("unavailable", `DuckDB error: ${text}`, options);
  return new SqlError("statement", `DuckDB error: ${text}`, options);
};

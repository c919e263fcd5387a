import { closeSync, existsSync, mkdirSync, openSync, readSync, renameSync, statSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname } from "node:path";
import { pathToFileURL } from "node:url";
import type Database from "libsql";
import { pause } from "../adapters/pause.ts";
import { RockyError } from "../errors.ts";
import { SCHEMA, STORE_VERSION } from "./schema.ts";

export type Cell = string | number | null;
export type Cells = readonly Cell[];

/** What a transaction may do; it must not wait for anything. */
export interface Transaction {
  readonly all: (sql: string, ...parameters: Cells) => readonly Cells[];
  readonly run: (sql: string, ...parameters: Cells) => void;
}

/** An open state store. Rows are arrays in the order of the selected columns. */
export interface StateDatabase extends Disposable {
  readonly path: string;
  /** False for a missing store that is only read. */
  readonly exists: boolean;
  readonly all: (sql: string, ...parameters: Cells) => Promise<readonly Cells[]>;
  /** Everything that `work` does becomes visible at once, or not at all. */
  readonly write: <T>(work: (transaction: Transaction) => T) => Promise<T>;
}

export interface OpenStateOptions {
  /** Absolute path. */
  readonly path: string;
  /** A missing store reads as empty and is not created. */
  readonly mode: "read" | "write";
  readonly signal?: AbortSignal;
  /**
   * What to do with a store of a newer version: put it aside and start anew (who only reads sees an empty one), or
   * refuse. Default refuse.
   */
  readonly onMismatch?: "recreate" | "fail";
  readonly onWaiting?: (message: string) => void;
  /** Longest wait for another process's transaction, in milliseconds. */
  readonly waitMs: number;
}

// SQLite's own waiting would block the event loop, so it is short and the engine waits between attempts.
const BLOCKING_WAIT_MS = 20;
const PAUSE_MS = 30;
const SQLITE_MAGIC = "SQLite format 3\u0000";
const REDB_MAGIC = "redb";

const START_ANEW =
  "move the file away, or name another one with --state-path; the first run after that copies every table in full";

const headOf = (path: string): string => {
  const file = openSync(path, "r");
  try {
    const bytes = Buffer.alloc(SQLITE_MAGIC.length);
    return bytes.toString("latin1", 0, readSync(file, bytes, 0, bytes.length, 0));
  } finally {
    closeSync(file);
  }
};

const refuseForeign = (path: string): void => {
  const head = headOf(path);
  if (head === "" || head === SQLITE_MAGIC) return;
  if (head.startsWith(REDB_MAGIC)) {
    throw new RockyError(
      "state_failed",
      `the state store '${path}' was written by the Rust engine and cannot be read`,
      {
        where: { file: path },
        hint: START_ANEW,
      },
    );
  }
  throw new RockyError("state_failed", `'${path}' is not a state store`, {
    where: { file: path },
    hint: "name another file with --state-path",
  });
};

const require = createRequire(import.meta.url);

/** `require`, because `import` of a CommonJS package spends longer on looking for its exports than on loading it. */
const loadDriver = (): typeof Database => require("libsql");

const isBusy = (thrown: unknown): boolean =>
  thrown instanceof Error && /database (table )?is locked|SQLITE_BUSY/i.test(thrown.message);

const UNWRITABLE = /unable to open|readonly|read-only|SQLITE_CANTOPEN|EACCES|EPERM|EROFS/i;

const ADVICE: readonly (readonly [RegExp, string])[] = [
  [/malformed|not a database|corrupt/i, `the file is damaged; ${START_ANEW}`],
  [UNWRITABLE, "the file and its folder must be writable; name another place with --state-path"],
  [
    /disk is full|disk I\/O|SQLITE_FULL|SQLITE_IOERR|ENOSPC|EFBIG/i,
    "free some space and run again; nothing is half-written",
  ],
  [
    /EISDIR|ENOTDIR|EEXIST/,
    "there is a folder where the file, or a file where its folder should be; name another place with --state-path",
  ],
];

const failed = (path: string, thrown: unknown): RockyError => {
  if (thrown instanceof RockyError) return thrown;
  const text = thrown instanceof Error ? thrown.message : String(thrown);
  const hint = ADVICE.find(([pattern]) => pattern.test(text))?.[1];
  return new RockyError("state_failed", `the state store '${path}' failed: ${text}`, {
    where: { file: path },
    ...(hint === undefined ? {} : { hint }),
    cause: thrown,
  });
};

/** Tries again, without blocking, while another process is writing. */
const patiently = async <T>(options: OpenStateOptions, attempt: () => T): Promise<T> => {
  const start = performance.now();
  let reported = false;
  for (;;) {
    try {
      return attempt();
    } catch (thrown) {
      if (!isBusy(thrown)) throw failed(options.path, thrown);
      if (performance.now() - start > options.waitMs) {
        throw new RockyError(
          "state_locked",
          `the state store '${options.path}' is still locked by another process`,
          {
            where: { file: options.path },
            hint: "end that process, or set ROCKY_LOCK_WAIT_SECONDS to wait longer",
            cause: thrown,
          },
        );
      }
      if (!reported) options.onWaiting?.(`waiting for the state store '${options.path}'`);
      reported = true;
      await pause(PAUSE_MS, options.signal);
    }
  }
};

const prepare = (database: Database.Database): void => {
  const version = cells(database, "PRAGMA user_version")[0]?.[0];
  if (version === STORE_VERSION) return;
  database.exec("BEGIN IMMEDIATE");
  try {
    database.exec(SCHEMA);
    database.exec(`PRAGMA user_version = ${STORE_VERSION}`);
    database.exec("COMMIT");
  } catch (error) {
    rollback(database);
    throw error;
  }
};

/** A full disk has rolled back already, and must not be hidden behind that. */
const rollback = (database: Database.Database): void => {
  if (database.inTransaction) database.exec("ROLLBACK");
};

const cells = (database: Database.Database, sql: string, ...parameters: Cells): readonly Cells[] =>
  // The driver's types say `unknown`; in raw mode every row is an array of SQLite's plain values.
  database
    .prepare(sql)
    .raw()
    .all(...parameters) as readonly Cells[];

const versionOf = (database: Database.Database): number =>
  Number(cells(database, "PRAGMA user_version")[0]?.[0] ?? 0);

/**
 * A store in a folder that cannot be written, as it lies there: the log that SQLite wants beside it cannot be made.
 * Undefined when a log holds what the file does not.
 */
const openUnwritable = (path: string): Database.Database | undefined => {
  const log = statSync(`${path}-wal`, { throwIfNoEntry: false });
  if (log !== undefined && log.size > 0) return undefined;
  const DatabaseConstructor = loadDriver();
  return new DatabaseConstructor(`${pathToFileURL(path).href}?immutable=1`, { readonly: true });
};

const isUnwritable = (thrown: unknown): boolean =>
  thrown instanceof RockyError && thrown.cause instanceof Error && UNWRITABLE.test(thrown.cause.message);

const openFile = async (options: OpenStateOptions): Promise<Database.Database> => {
  const DatabaseConstructor = loadDriver();
  const emptyStore = (): Database.Database => {
    const empty = new DatabaseConstructor(":memory:");
    prepare(empty);
    return empty;
  };
  if (options.mode === "read" && !existsSync(options.path)) return emptyStore();
  mkdirSync(dirname(options.path), { recursive: true });
  if (existsSync(options.path)) refuseForeign(options.path);
  const open = (): Promise<Database.Database> =>
    patiently(options, () => {
      const database = new DatabaseConstructor(options.path, { timeout: BLOCKING_WAIT_MS });
      try {
        database.exec("PRAGMA journal_mode = WAL");
        return database;
      } catch (error) {
        database.close();
        throw error;
      }
    });
  let database = await open().catch((thrown: unknown) => {
    const unwritable =
      options.mode === "read" && isUnwritable(thrown) ? openUnwritable(options.path) : undefined;
    if (unwritable === undefined) throw thrown;
    return unwritable;
  });
  const version = await patiently(options, () => versionOf(database));
  if (version > STORE_VERSION) {
    database.close();
    if (options.onMismatch !== "recreate") {
      throw new RockyError(
        "state_failed",
        `the state store '${options.path}' was written by a newer version (${version})`,
        {
          where: { file: options.path },
          hint: 'upgrade this package, or set [state] on_schema_mismatch = "recreate" to start with an empty store',
        },
      );
    }
    // Putting a store aside is for those who write a new one.
    if (options.mode === "read") return emptyStore();
    for (const suffix of ["", "-wal", "-shm"]) {
      if (existsSync(options.path + suffix))
        renameSync(options.path + suffix, `${options.path}.v${version}${suffix}`);
    }
    database = await open();
  }
  await patiently(options, () => prepare(database));
  return database;
};

/** The driver leaves the log beside the file when it closes; folded in, the file alone is the whole store. */
const foldLog = (database: Database.Database): void => {
  try {
    database.exec("PRAGMA wal_checkpoint(TRUNCATE)");
  } catch {
    // Somebody else is working with the store, or it cannot be written: the log is just as good.
  }
};

/** Opens the store, creating it when writing. Throws for a file that is not ours. */
export const openState = async (options: OpenStateOptions): Promise<StateDatabase> => {
  const database = await openFile(options).catch((thrown: unknown) => {
    throw failed(options.path, thrown);
  });
  const transaction: Transaction = {
    all: (sql, ...parameters) => cells(database, sql, ...parameters),
    run: (sql, ...parameters) => void database.prepare(sql).run(...parameters),
  };
  let closed = false;
  return Object.freeze<StateDatabase>({
    path: options.path,
    exists: existsSync(options.path),
    all: (sql, ...parameters) => patiently(options, () => cells(database, sql, ...parameters)),
    write: (work) =>
      patiently(options, () => {
        database.exec("BEGIN IMMEDIATE");
        try {
          const result = work(transaction);
          database.exec("COMMIT");
          return result;
        } catch (error) {
          rollback(database);
          throw error;
        }
      }),
    [Symbol.dispose]: () => {
      if (closed) return;
      closed = true;
      if (options.mode === "write") foldLog(database);
      database.close();
    },
  });
};

import type { TableRef } from "./table-ref.ts";

/** One value of a result row; 64-bit and decimal numbers arrive as text so that nothing is rounded. */
export type SqlValue =
  | string
  | number
  | boolean
  | null
  | readonly SqlValue[]
  | { readonly [key: string]: SqlValue };
export type SqlRow = readonly SqlValue[];

export interface ColumnInfo {
  readonly name: string;
  /** The type as the warehouse prints it, such as `DECIMAL(10,2)`. */
  readonly type: string;
}

/** Statements go through one connection, in order; connections of one session may work side by side. */
export interface Connection {
  /** Runs a statement and answers the number of rows it wrote (0 when the warehouse does not say). */
  execute(sql: string): Promise<number>;
  query(sql: string): Promise<readonly SqlRow[]>;
  /** The first value of the first row; null when there is none. */
  scalar(sql: string): Promise<SqlValue>;
  /** Columns in their order; undefined when there is no such relation, any other failure throws. */
  describe(table: TableRef): Promise<readonly ColumnInfo[] | undefined>;
  isView(table: TableRef): Promise<boolean>;
  /** Commits when `work` returns, rolls back when it throws. */
  transaction<T>(work: () => Promise<T>): Promise<T>;
}

/** An open warehouse. Closing it is the caller's duty (`await using`). */
export interface Session extends Connection, AsyncDisposable {
  readonly dialect: Dialect;
  /** The catalog that a two-part name resolves to, such as the stem of a DuckDB file's name. */
  readonly defaultCatalog: string;
  /** Another connection of the same warehouse, for work side by side. */
  connect(): Promise<Connection & AsyncDisposable>;
  /** Makes another database of the same kind readable and answers the catalog that its tables are in. */
  readonly attach: (path: string) => Promise<string>;
  /** Names of schemas that start with `prefix`, sorted. */
  listSchemas(prefix: string, catalog?: string): Promise<readonly string[]>;
  /** Base tables of each of the given schemas, sorted by name; asked in one statement. */
  listTables(schemas: readonly string[], catalog?: string): Promise<ReadonlyMap<string, readonly string[]>>;
}

/** What differs between warehouses in the SQL text that the engine writes. */
export interface Dialect {
  readonly name: string;
  /** The largest number of connections that are worth having at once. */
  readonly maxConnections: number;
  readonly quoteIdentifier: (name: string) => string;
}

export type AccessMode = "read" | "write";

export interface WaitingReport {
  readonly message: string;
  readonly file: string;
  readonly holder: string;
  readonly waitedMs: number;
}

export interface OpenOptions {
  readonly mode: AccessMode;
  readonly signal?: AbortSignal;
  /** Called when the warehouse is busy and the caller waits: at once, then every few seconds. */
  readonly onWaiting?: (report: WaitingReport) => void;
  /**
   * Paths that `attach` will be called with. Naming them here lets all files be taken in one fixed order, so that
   * two commands that need the same files never wait for each other.
   */
  readonly attach?: readonly string[];
  /** Longest wait for a busy warehouse in milliseconds. */
  readonly waitMs: number;
}

export interface Adapter {
  /** Its name in the configuration. */
  readonly name: string;
  readonly type: string;
  open(options: OpenOptions): Promise<Session>;
}

export type SqlValue = string | number | null | Uint8Array;
export type SqlRow = Readonly<Record<string, unknown>>;

/** Statements with `?` placeholders, on one connection. */
export interface SqlClient {
  query(sql: string, params?: readonly SqlValue[]): Promise<readonly SqlRow[]>;
  /** How many rows it touched. */
  execute(sql: string, params?: readonly SqlValue[]): Promise<number>;
}

/** A database that runs one unit of work at a time per call. */
export interface SqlDatabase {
  readonly dialect: SqlDialect;
  read<T>(work: (client: SqlClient) => Promise<T>): Promise<T>;
  /** All of `work` is committed, or nothing. It may run again when the database was busy. */
  write<T>(work: (client: SqlClient) => Promise<T>): Promise<T>;
  close(): Promise<void>;
}

/** Where the databases that Dagster supports differ. */
export interface SqlDialect {
  /** Appended to a select whose row is taken for an update. */
  readonly skipLocked: string;
  /** Until the end of the transaction no other one holds this name; absent where transactions take turns anyway. */
  readonly lockName?: (client: SqlClient, name: string) => Promise<void>;
  readonly columns: (client: SqlClient, table: string) => Promise<ReadonlySet<string>>;
  /** Tells listeners of new events, each `<run id>_<event id>`, once the transaction is committed. */
  readonly announce?: (client: SqlClient, events: readonly string[]) => Promise<void>;
}

/** `?, ?, ?` */
export const placeholders = (count: number): string => new Array(count).fill("?").join(", ");

/** Inserts one row and gives its id. */
export async function insert(
  client: SqlClient,
  table: string,
  values: Readonly<Record<string, SqlValue>>,
): Promise<number> {
  const names = Object.keys(values);
  const rows = await client.query(
    `INSERT INTO ${table} (${names.map(quoteName).join(", ")}) VALUES (${placeholders(names.length)}) RETURNING id`,
    Object.values(values),
  );
  return asNumber(rows[0]?.id);
}

/** Updates rows where every condition holds; a null condition means `IS NULL`. Gives how many. */
export async function update(
  client: SqlClient,
  table: string,
  values: Readonly<Record<string, SqlValue>>,
  where: Readonly<Record<string, SqlValue>>,
): Promise<number> {
  const set = Object.keys(values).map((name) => `${quoteName(name)} = ?`);
  const conditions = Object.entries(where);
  const tests = conditions.map(([name, value]) => `${quoteName(name)} ${value === null ? "IS NULL" : "= ?"}`);
  return client.execute(`UPDATE ${table} SET ${set.join(", ")} WHERE ${tests.join(" AND ")}`, [
    ...Object.values(values),
    ...conditions.flatMap(([, value]) => (value === null ? [] : [value])),
  ]);
}

const quoteName = (name: string): string => `"${name}"`;

export const asNumber = (value: unknown): number => Number(value ?? 0);
export const asText = (value: unknown): string => String(value ?? "");
export const asOptionalText = (value: unknown): string | undefined =>
  value === null || value === undefined ? undefined : String(value);
export const asOptionalNumber = (value: unknown): number | undefined =>
  value === null || value === undefined ? undefined : Number(value);

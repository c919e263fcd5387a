import type { Session } from "../../adapters/adapter.ts";
import { checkTarget, displayName, sqlColumn, sqlName, type TableRef } from "../../adapters/table-ref.ts";
import type { LoadContract, LoadFormat, LoadPipeline } from "../../config/index.ts";
import { RockyError } from "../../errors.ts";
import { explainWrite } from "../strategies/explain-write.ts";
import { createTable, insertByName } from "../strategies/statements.ts";
import { type ContractViolation, contractViolations } from "./contract.ts";
import { readFileSql } from "./file-format.ts";

export interface FileLoad {
  readonly session: Session;
  /** Absolute path. */
  readonly path: string;
  readonly format: LoadFormat;
  readonly target: TableRef;
  readonly options: LoadPipeline["options"];
  /** True when the table is emptied before this file goes in. */
  readonly truncate: boolean;
  readonly contract: LoadContract | undefined;
}

export interface LoadedRows {
  readonly rows: number;
  readonly violations: readonly ContractViolation[] | undefined;
}

const write = async (load: FileLoad, query: string): Promise<number> => {
  const { session, target, options } = load;
  const name = sqlName(checkTarget(target), session.dialect);
  if ((await session.describe(target)) === undefined) {
    if (options.createTable) return session.execute(createTable(name, query));
    throw new RockyError(
      "config_invalid",
      `table '${displayName(target)}' does not exist and create_table is off`,
    );
  }
  if (load.truncate) await session.execute(`DELETE FROM ${name}`);
  // Without a header the names are made up, so only the order says which column is which.
  const named = load.format !== "csv" || options.csvHasHeader;
  return session.execute(named ? insertByName(name, query) : `INSERT INTO ${name}\n${query}`);
};

/** Columns that hold a NULL, among those that the contract wants filled. */
const nullColumns = async (
  session: Session,
  staging: string,
  contract: LoadContract,
  known: ReadonlySet<string>,
) => {
  const wanted = contract.requiredColumns.filter(
    ({ name, nullable }) => !nullable && known.has(name.toLowerCase()),
  );
  if (wanted.length === 0) return new Set<string>();
  const counts = wanted.map(
    ({ name }) => `COUNT(*) - COUNT(${sqlColumn(name, "contract", session.dialect)})`,
  );
  const [row] = await session.query(`SELECT ${counts.join(", ")} FROM ${staging}`);
  return new Set(
    wanted.filter((_, index) => Number(row?.[index] ?? 0) > 0).map(({ name }) => name.toLowerCase()),
  );
};

const STAGING = "_rocky_load_staging";

/** Puts the file into a temporary table, checks it there, and only then touches the target. */
const writeChecked = async (load: FileLoad, query: string, contract: LoadContract): Promise<LoadedRows> => {
  const { session, target } = load;
  await session.execute(`CREATE OR REPLACE TEMP TABLE ${STAGING} AS\n${query}`);
  try {
    const incoming = (await session.query(`DESCRIBE ${STAGING}`)).map((row) => ({
      name: String(row[0]),
      type: String(row[1]),
    }));
    const known = new Set(incoming.map(({ name }) => name.toLowerCase()));
    const nulls = await nullColumns(session, STAGING, contract, known);
    const typed =
      load.format !== "csv" || (await session.scalar(`SELECT 1 FROM ${STAGING} LIMIT 1`)) !== null;
    const existing = await session.describe(target);
    const violations = contractViolations(contract, incoming, existing, nulls, typed);
    if (violations.length > 0) return { rows: 0, violations };
    return { rows: await write(load, `SELECT * FROM ${STAGING}`), violations };
  } finally {
    await session.execute(`DROP TABLE IF EXISTS ${STAGING}`);
  }
};

/** Loads one file, or leaves its table as it was. */
export const loadFile = async (load: FileLoad): Promise<LoadedRows> => {
  const query = readFileSql(load.path, load.format, load.options);
  const { session, target, contract } = load;
  try {
    return await session.transaction(async () =>
      contract === undefined
        ? { rows: await write(load, query), violations: undefined }
        : writeChecked(load, query, contract),
    );
  } catch (error) {
    throw await explainWrite(session, session.dialect, target, error);
  }
};

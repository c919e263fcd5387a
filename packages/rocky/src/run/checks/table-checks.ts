import type { ColumnInfo, Connection, Dialect } from "../../adapters/adapter.ts";
import { isSqlError } from "../../adapters/sql-error.ts";
import { displayName, sqlColumn, sqlName, type TableRef } from "../../adapters/table-ref.ts";
import type { ChecksConfig } from "../../config/index.ts";
import { isInterruption } from "../failure.ts";
import type { CheckResult } from "../output.ts";
import { assertionName } from "./assertion-sql.ts";
import { checkAssertion, unansweredAssertion } from "./assertions.ts";
import { checkCustom, type OnProblem } from "./custom.ts";

/** A copied table and what it was copied from. */
export interface CheckedTable {
  readonly source: TableRef;
  readonly sourceColumns: readonly ColumnInfo[];
  readonly target: TableRef;
  readonly metadataColumns: readonly string[];
  readonly timestampColumn: string;
}

export interface CheckRun {
  readonly connection: Connection;
  readonly dialect: Dialect;
  readonly checks: ChecksConfig;
  readonly now: Date;
  readonly onProblem: OnProblem;
}

/** What was measured of a table, kept for later runs. */
export interface Measured {
  readonly results: readonly CheckResult[];
  readonly rowCount?: number;
  readonly nullRates: Readonly<Record<string, number>>;
  readonly freshnessLagSeconds?: number;
}

const rowCount = async (run: CheckRun, { source, target }: CheckedTable): Promise<CheckResult> => {
  const count = async (ref: TableRef): Promise<number> =>
    Number(await run.connection.scalar(`SELECT COUNT(*) FROM ${sqlName(ref, run.dialect)}`));
  const sourceCount = await count(source);
  const targetCount = await count(target);
  return {
    name: "row_count",
    passed: sourceCount === targetCount,
    severity: run.checks.rowCount.severity,
    source_count: sourceCount,
    target_count: targetCount,
  };
};

const columnMatch = async (run: CheckRun, table: CheckedTable): Promise<CheckResult> => {
  const lower = (columns: readonly ColumnInfo[]): readonly string[] =>
    columns.map(({ name }) => name.toLowerCase());
  const own = new Set(table.metadataColumns.map((name) => name.toLowerCase()));
  const source = new Set(lower(table.sourceColumns));
  const target = lower((await run.connection.describe(table.target)) ?? []).filter((name) => !own.has(name));
  const has = new Set(target);
  const missing = [...source].filter((name) => !has.has(name)).sort();
  const extra = target.filter((name) => !source.has(name)).sort();
  return {
    name: "column_match",
    passed: missing.length === 0 && extra.length === 0,
    severity: run.checks.columnMatch.severity,
    missing,
    extra,
  };
};

const hasColumns = (table: CheckedTable, columns: readonly string[]): boolean => {
  const known = new Set(
    [...table.sourceColumns.map(({ name }) => name), ...table.metadataColumns].map((name) =>
      name.toLowerCase(),
    ),
  );
  return columns.every((column) => known.has(column.toLowerCase()));
};

const freshness = async (run: CheckRun, table: CheckedTable): Promise<CheckResult | undefined> => {
  const config = run.checks.freshness;
  // A table without the column has no freshness; that is how most small lookup tables are.
  if (config === undefined || !hasColumns(table, [table.timestampColumn])) return undefined;
  const name = sqlName(table.target, run.dialect);
  const column = sqlColumn(table.timestampColumn, `freshness of ${name}`, run.dialect);
  const newest = await run.connection.scalar(`SELECT epoch(MAX(${column})) FROM ${name}`);
  if (newest === null) return undefined;
  const { schema, table: own } = table.target;
  const threshold = config.overrides[own] ?? config.overrides[schema] ?? config.thresholdSeconds;
  const lag = Math.floor(run.now.getTime() / 1000 - Number(newest));
  return {
    name: "freshness",
    passed: lag <= threshold,
    severity: config.severity,
    lag_seconds: lag,
    threshold_seconds: threshold,
  };
};

/** Tables up to this many rows are looked at as a whole. */
const SAMPLED_FROM = 10_000;

const nullRates = async (run: CheckRun, table: CheckedTable): Promise<readonly CheckResult[]> => {
  const config = run.checks.nullRate;
  if (config === undefined || config.columns.length === 0 || !hasColumns(table, config.columns)) return [];
  const name = sqlName(table.target, run.dialect);
  const columns = config.columns.map((column) => sqlColumn(column, `null_rate of ${name}`, run.dialect));
  // A part of a small table may be empty, or say anything; the whole costs no more to read.
  const rows = Number(await run.connection.scalar(`SELECT COUNT(*) FROM ${name}`));
  const isWhole = config.samplePercent >= 100 || rows <= SAMPLED_FROM;
  const sample = isWhole ? "" : ` USING SAMPLE ${config.samplePercent} PERCENT (bernoulli)`;
  const counts = columns.map((column) => `COUNT(*) - COUNT(${column})`).join(", ");
  const [row] = await run.connection.query(
    `SELECT COUNT(*), ${counts} FROM (SELECT ${columns.join(", ")} FROM ${name}${sample}) AS t`,
  );
  const sampled = Number(row?.[0] ?? 0);
  // An empty sample says nothing about the rate.
  if (sampled === 0) return [];
  return config.columns.map((column, index) => {
    const rate = Number(row?.[index + 1] ?? 0) / sampled;
    return {
      name: `null_rate:${column}`,
      passed: rate <= config.threshold,
      severity: config.severity,
      column,
      null_rate: rate,
      threshold: config.threshold,
    };
  });
};

const assertions = async (run: CheckRun, table: CheckedTable): Promise<readonly CheckResult[]> => {
  const results: CheckResult[] = [];
  const context = {
    connection: run.connection,
    dialect: run.dialect,
    table: sqlName(table.target, run.dialect),
  };
  for (const assertion of run.checks.assertions) {
    if (assertion.table !== table.target.table) continue;
    try {
      results.push(await checkAssertion(context, assertion));
    } catch (error) {
      if (!isSqlError(error) || isInterruption(error)) throw error;
      run.onProblem(assertionName(assertion), error.message);
      results.push(unansweredAssertion(assertion));
    }
  }
  return results;
};

/** Asks every check that the config names about one table. A check that cannot be asked does not stop the others. */
export const checkTable = async (run: CheckRun, table: CheckedTable): Promise<Measured> => {
  const attempt = async <T>(name: string, ask: () => Promise<T>, otherwise: T): Promise<T> => {
    try {
      return await ask();
    } catch (error) {
      if (!isSqlError(error) || isInterruption(error)) throw error;
      run.onProblem(`${name} of ${displayName(table.target)}`, error.message);
      return otherwise;
    }
  };
  const { checks } = run;
  const columns = checks.columnMatch.enabled ? await columnMatch(run, table) : undefined;
  const rows = checks.rowCount.enabled ? await rowCount(run, table) : undefined;
  const fresh = await attempt("freshness", () => freshness(run, table), undefined);
  const nulls = await attempt<readonly CheckResult[]>("null_rate", () => nullRates(run, table), []);
  const results = [columns, rows, fresh].filter((result) => result !== undefined);
  const name = sqlName(table.target, run.dialect);
  const custom = await checkCustom(run.connection, checks.custom, name, run.onProblem);
  results.push(...custom, ...(await assertions(run, table)), ...nulls);
  return {
    results,
    ...(rows === undefined ? {} : { rowCount: Number(rows.target_count) }),
    nullRates: Object.fromEntries(nulls.map((result) => [String(result.column), Number(result.null_rate)])),
    ...(fresh === undefined ? {} : { freshnessLagSeconds: Number(fresh.lag_seconds) }),
  };
};

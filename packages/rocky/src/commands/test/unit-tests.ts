import type { Session, SqlValue } from "../../adapters/adapter.ts";
import { sqlString } from "../../adapters/identifiers.ts";
import { type CompiledModel, type CompiledProject, withSurrogateKeys } from "../../compile/index.ts";
import type { FixtureRow, FixtureValue, UnitTest } from "../../models/index.ts";
import { fillWindow } from "../../run/strategies/statements.ts";
import type { CommandContext } from "../context.ts";
import { openScratch } from "../scratch.ts";
import { ALL_TIME } from "./model-tests.ts";

export interface RowMismatch {
  readonly row_index: number;
  readonly kind: "missing" | "extra" | "value_diff";
  readonly expected: string;
  readonly actual: string | null;
}

export interface UnitTestResult {
  readonly model: string;
  readonly test: string;
  readonly passed: boolean;
  readonly error: string | null;
  readonly mismatches: readonly RowMismatch[];
}

/** Runs each `[[test]]` in a database of its own that holds nothing but the given rows. */
export const runUnitTests = async (
  context: CommandContext,
  project: CompiledProject,
  only: string | undefined,
): Promise<readonly UnitTestResult[]> => {
  const results: UnitTestResult[] = [];
  for (const model of project.models.values()) {
    if (only !== undefined && model.name !== only) continue;
    for (const test of model.model.unitTests) results.push(await runUnitTest(context, project, model, test));
  }
  return results;
};

const runUnitTest = async (
  context: CommandContext,
  project: CompiledProject,
  model: CompiledModel,
  test: UnitTest,
): Promise<UnitTestResult> => {
  const base = { model: model.name, test: test.name };
  try {
    await using session = await openScratch(
      context,
      [...project.models.values()].map((other) => other.model),
    );
    for (const { ref, rows } of test.given) await createGiven(session, ref, rows);
    await createEphemerals(session, project, model, new Set(test.given.map((given) => given.ref)));
    const query = withSurrogateKeys(runnable(model), model.model.surrogateKeys, "duckdb");
    await session.execute(`CREATE TABLE __rocky_actual AS\n${query}`);
    const mismatches = await compareRows(session, test);
    const count = (kind: RowMismatch["kind"]): number =>
      mismatches.filter((found) => found.kind === kind).length;
    const error =
      mismatches.length === 0
        ? null
        : `${count("missing")} expected row(s) missing, ${count("extra")} unexpected row(s), ${count("value_diff")} out of place`;
    return { ...base, passed: error === null, error, mismatches };
  } catch (thrown) {
    const error = thrown instanceof Error ? thrown.message : String(thrown);
    return { ...base, passed: false, error, mismatches: [] };
  }
};

const runnable = (model: CompiledModel): string => fillWindow(model.query, ALL_TIME.start, ALL_TIME.end);

const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`;

const createGiven = async (session: Session, ref: string, rows: readonly FixtureRow[]): Promise<void> => {
  const parts = ref.split(".");
  if (parts.length > 1)
    await session.execute(`CREATE SCHEMA IF NOT EXISTS ${parts.slice(0, -1).map(quoted).join(".")}`);
  await session.execute(`CREATE TABLE ${parts.map(quoted).join(".")} AS ${rowsQuery(rows, columnsOf(rows))}`);
};

/** What reads an ephemeral model finds a view, unless the test gives its rows. */
const createEphemerals = async (
  session: Session,
  project: CompiledProject,
  model: CompiledModel,
  given: ReadonlySet<string>,
): Promise<void> => {
  const needed = new Set<string>();
  const visit = (name: string): void => {
    const upstream = project.models.get(name);
    if (upstream?.model.strategy.type !== "ephemeral" || given.has(name) || needed.has(name)) return;
    upstream.dependsOn.forEach(visit);
    needed.add(name);
  };
  model.dependsOn.forEach(visit);
  for (const name of needed) {
    const upstream = project.models.get(name);
    if (upstream !== undefined)
      await session.execute(`CREATE VIEW ${quoted(name)} AS\n${runnable(upstream)}`);
  }
};

const columnsOf = (rows: readonly FixtureRow[]): readonly string[] => [
  ...new Set(rows.flatMap((row) => Object.keys(row))),
];

const literal = (value: FixtureValue | undefined): string => {
  if (value === undefined || value === null) return "NULL";
  return typeof value === "string" ? sqlString(value) : String(value);
};

/** A query that answers the rows; without rows it answers none, with a column so that it is valid. */
const rowsQuery = (rows: readonly FixtureRow[], columns: readonly string[]): string => {
  if (rows.length === 0 || columns.length === 0) return "SELECT NULL AS nothing WHERE FALSE";
  const values = rows.map((row) => `(${columns.map((column) => literal(row[column])).join(", ")})`);
  return `SELECT * FROM (VALUES ${values.join(", ")}) AS given(${columns.map(quoted).join(", ")})`;
};

/** Compares the columns that the test names, as sets with repetition, or row by row when order matters. */
const compareRows = async (session: Session, test: UnitTest): Promise<readonly RowMismatch[]> => {
  const { rows, ordered } = test.expect;
  const columns = [...columnsOf(rows)].sort();
  if (columns.length === 0) return unexpectedRows(session);
  const list = columns.map(quoted).join(", ");
  await session.execute(`CREATE TABLE __rocky_expected AS ${rowsQuery(rows, columns)}`);
  const show = (row: readonly SqlValue[]): string =>
    columns.map((column, index) => `${column}=${showValue(row[index] ?? null)}`).join(", ");
  const read = async (query: string): Promise<readonly string[]> => (await session.query(query)).map(show);
  if (ordered) {
    return compareInOrder(
      await read(`SELECT ${list} FROM __rocky_expected`),
      await read(`SELECT ${list} FROM __rocky_actual`),
    );
  }
  const difference = (left: string, right: string): Promise<readonly string[]> =>
    read(`SELECT * FROM (SELECT ${list} FROM ${left} EXCEPT ALL SELECT ${list} FROM ${right}) ORDER BY ALL`);
  const missing = await difference("__rocky_expected", "__rocky_actual");
  const extra = await difference("__rocky_actual", "__rocky_expected");
  return [
    ...missing.map(
      (expected, index): RowMismatch => ({ row_index: index, kind: "missing", expected, actual: null }),
    ),
    ...extra.map(
      (actual, index): RowMismatch => ({
        row_index: missing.length + index,
        kind: "extra",
        expected: "",
        actual,
      }),
    ),
  ];
};

/** A test without expected rows expects none. */
const unexpectedRows = async (session: Session): Promise<readonly RowMismatch[]> => {
  const rows = await session.query("SELECT * FROM __rocky_actual");
  return rows.map((row, index) => ({
    row_index: index,
    kind: "extra",
    expected: "",
    actual: row.map(showValue).join(", "),
  }));
};

const compareInOrder = (expected: readonly string[], actual: readonly string[]): readonly RowMismatch[] => {
  const found: RowMismatch[] = [];
  for (let index = 0; index < Math.max(expected.length, actual.length); index += 1) {
    const want = expected[index];
    const got = actual[index];
    if (want === got) continue;
    const kind = want === undefined ? "extra" : got === undefined ? "missing" : "value_diff";
    found.push({ row_index: index, kind, expected: want ?? "", actual: got ?? null });
  }
  return found;
};

/** Comparing gives both sides one decimal type; the zeros that this adds are not the author's. */
const showValue = (value: SqlValue): string => {
  if (value === null) return "NULL";
  if (typeof value === "object") return JSON.stringify(value);
  const text = String(value);
  return /^-?\d+\.\d*0$/.test(text) ? text.replace(/\.?0+$/, "") : text;
};

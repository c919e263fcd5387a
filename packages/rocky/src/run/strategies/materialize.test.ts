import { expect, test } from "vitest";
import type { Session } from "../../adapters/adapter.ts";
import { createDuckDbAdapter } from "../../adapters/duckdb/duckdb-adapter.ts";
import { tableRef } from "../../adapters/table-ref.ts";
import type { Strategy } from "../../models/types.ts";
import { parsePeriod } from "../partitions/period.ts";
import { materialize } from "./materialize.ts";

const open = (): Promise<Session> =>
  createDuckDbAdapter({ name: "default" }).open({ mode: "write", waitMs: 0 });

const run = (
  session: Session,
  strategy: Strategy,
  query: string,
  extra: { columns?: readonly string[]; day?: string } = {},
): Promise<number> =>
  materialize(
    { connection: session, dialect: session.dialect },
    {
      ref: tableRef("memory", "main", "t"),
      query,
      strategy,
      columns: extra.columns,
      ...(extra.day === undefined ? {} : { window: parsePeriod("day", extra.day) }),
    },
  );
const rows = (session: Session): Promise<unknown> => session.query("SELECT * FROM t ORDER BY ALL");

test("full refresh replaces, also a former view; a table is never dropped for a view", async () => {
  await using session = await open();
  await run(session, { type: "view" }, "SELECT 1 AS x");
  expect(await run(session, { type: "full_refresh" }, "SELECT 2 AS x UNION ALL SELECT 3")).toBe(2);
  expect(await rows(session)).toEqual([[2], [3]]);
  await expect(run(session, { type: "view" }, "SELECT 4 AS x")).rejects.toThrow("is a table with data");
  expect(await rows(session)).toEqual([[2], [3]]);
});

test("incremental loads once at first, then appends by column name", async () => {
  await using session = await open();
  const strategy: Strategy = { type: "incremental", timestampColumn: "ts" };
  await run(session, strategy, "SELECT 1 AS a, 'x' AS b");
  await run(session, strategy, "SELECT 'y' AS b, 2 AS a");
  expect(await rows(session)).toEqual([
    [1, "x"],
    [2, "y"],
  ]);
  await expect(run(session, strategy, "SELECT 3 AS other")).rejects.toThrow("other");
});

test("merge updates what matches, inserts the rest with its keys", async () => {
  await using session = await open();
  const strategy: Strategy = { type: "merge", uniqueKey: ["id"], updateColumns: ["state"] };
  await run(session, strategy, "SELECT 1 AS id, 'open' AS state, 10 AS n");
  const next = "SELECT 1 AS id, 'shut' AS state, 99 AS n UNION ALL SELECT 2, 'open', 20";
  await run(session, strategy, next);
  expect(await rows(session)).toEqual([
    [1, "shut", 10],
    [2, "open", 20],
  ]);
  await run(session, { type: "merge", uniqueKey: ["id"] }, "SELECT 1 AS id, 'done' AS state, 77 AS n", {
    columns: ["id", "state", "n"],
  });
  expect(await rows(session)).toEqual([
    [1, "done", 77],
    [2, "open", 20],
  ]);
});

test("columns that a query does not bring are refused before there is a table", async () => {
  await using session = await open();
  const strategy: Strategy = { type: "merge", uniqueKey: ["Idd"] };
  await expect(run(session, strategy, "SELECT 1 AS id")).rejects.toMatchObject({
    code: "model_invalid",
    hint: "did you mean 'id'?",
  });
  const partly: Strategy = { type: "merge", uniqueKey: ["ID"], updateColumns: ["name"] };
  await expect(run(session, partly, "SELECT 1 AS id")).rejects.toThrow("update_columns");
  const partitions: Strategy = { type: "delete_insert", partitionBy: ["day"] };
  await expect(run(session, partitions, "SELECT 1 AS id")).rejects.toThrow(
    "'day', which is in its partition_by",
  );
  expect(await session.describe(tableRef("", "main", "t"))).toBeUndefined();
});

test("delete_insert replaces the incoming partitions, NULL ones too", async () => {
  await using session = await open();
  const strategy: Strategy = { type: "delete_insert", partitionBy: ["p"] };
  await run(session, strategy, "SELECT * FROM (VALUES (1, 'a'), (2, 'b'), (NULL, 'n')) AS v(p, x)");
  await run(session, strategy, "SELECT * FROM (VALUES (2, 'c'), (NULL, 'm')) AS v(p, x)");
  expect(await rows(session)).toEqual([
    [1, "a"],
    [2, "c"],
    [null, "m"],
  ]);
});

test("time_interval recomputes one window and leaves the others", async () => {
  await using session = await open();
  await session.execute(
    "CREATE TABLE src AS SELECT DATE '2025-04-01' + range::INTEGER AS d, range AS n FROM range(3)",
  );
  const strategy: Strategy = {
    type: "time_interval",
    timeColumn: "d",
    granularity: "day",
    lookback: 0,
    batchSize: 1,
  };
  const query = "SELECT d, n FROM src WHERE d >= @start_date AND d < '@end_date'";
  expect(await run(session, strategy, query, { day: "2025-04-01" })).toBe(1);
  expect(await run(session, strategy, query, { day: "2025-04-02" })).toBe(1);
  await session.execute("UPDATE src SET n = n + 10");
  expect(await run(session, strategy, query, { day: "2025-04-02" })).toBe(1);
  expect(await rows(session)).toEqual([
    ["2025-04-01", "0"],
    ["2025-04-02", "11"],
  ]);
  const failing = `${query} AND 1 / (n - 10) > 'x'`;
  await expect(run(session, strategy, failing, { day: "2025-04-02" })).rejects.toThrow();
  expect(await rows(session)).toHaveLength(2);
});

test("a name that could break out of the statement is refused", async () => {
  await using session = await open();
  const writing = materialize(
    { connection: session, dialect: session.dialect },
    {
      ref: tableRef("", "main", "t; DROP TABLE x"),
      query: "SELECT 1",
      strategy: { type: "full_refresh" },
      columns: undefined,
    },
  );
  await expect(writing).rejects.toMatchObject({ kind: "identifier" });
});

test("strategies that DuckDB has not are refused by name", async () => {
  await using session = await open();
  await expect(run(session, { type: "materialized_view" }, "SELECT 1")).rejects.toThrow("MATERIALIZED VIEW");
});

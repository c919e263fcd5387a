import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { OpenOptions, WaitingReport } from "../adapter.ts";
import { tableRef } from "../table-ref.ts";
import { createDuckDbAdapter } from "./duckdb-adapter.ts";

let folder: string;
let path: string;
const write: OpenOptions = { mode: "write", waitMs: 5_000 };
const read: OpenOptions = { mode: "read", waitMs: 5_000 };
const adapter = () => createDuckDbAdapter({ name: "default", path });

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "rocky-duckdb-"));
  path = join(folder, "shop.duckdb");
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** A second process that opens the file, says so, and keeps it for a while. */
const holdInAnotherProcess = async (milliseconds: number): Promise<number> => {
  const script = join(folder, "hold.cjs");
  const binding = createRequire(import.meta.url).resolve("@duckdb/node-api");
  writeFileSync(
    script,
    `require(${JSON.stringify(binding)}).DuckDBInstance.create(${JSON.stringify(path)}).then((instance) => {
       process.stdout.write("held");
       setTimeout(() => { instance.closeSync(); process.exit(0); }, ${milliseconds});
     });`,
  );
  const child = spawn(process.execPath, [script], { stdio: ["ignore", "pipe", "inherit"] });
  await new Promise((resolve) => child.stdout.once("data", resolve));
  return child.pid ?? -1;
};

test("a session runs statements, counts rows and describes tables", async () => {
  await using session = await adapter().open(write);
  expect(session.defaultCatalog).toBe("shop");
  await session.execute("CREATE SCHEMA raw");
  expect(await session.execute("CREATE TABLE raw.orders AS SELECT range AS id FROM range(3)")).toBe(3);
  expect(await session.execute("INSERT INTO raw.orders VALUES (7), (8)")).toBe(2);
  expect(await session.scalar("SELECT COUNT(*) FROM raw.orders")).toBe("5");
  expect(await session.describe(tableRef("", "raw", "orders"))).toEqual([{ name: "id", type: "BIGINT" }]);
  expect(await session.describe(tableRef("", "raw", "nothing"))).toBeUndefined();
  expect(await session.describe(tableRef("shop", "no_schema", "nothing"))).toBeUndefined();
});

test("a prefix with underscores is taken literally", async () => {
  await using session = await adapter().open(write);
  for (const schema of ["app_one", "apple", "app_two"]) await session.execute(`CREATE SCHEMA ${schema}`);
  await session.execute("CREATE TABLE app_one.t (x INTEGER)");
  await session.execute("CREATE VIEW app_one.v AS SELECT 1 AS x");
  expect(await session.listSchemas("app_")).toEqual(["app_one", "app_two"]);
  expect([...(await session.listTables(["app_one", "app_two"]))]).toEqual([
    ["app_one", ["t"]],
    ["app_two", []],
  ]);
});

test("a failed transaction leaves nothing behind", async () => {
  await using session = await adapter().open(write);
  await session.execute("CREATE TABLE t AS SELECT 1 AS x");
  await expect(
    session.transaction(async () => {
      await session.execute("CREATE OR REPLACE TABLE t AS SELECT 2 AS x");
      await session.execute("INSERT INTO missing VALUES (1)");
    }),
  ).rejects.toMatchObject({ kind: "missing_relation" });
  expect(await session.query("SELECT x FROM t")).toEqual([[1]]);
});

test("an abort interrupts the running statement and rolls back", async () => {
  const controller = new AbortController();
  {
    await using session = await adapter().open({ ...write, signal: controller.signal });
    await session.execute("CREATE TABLE t AS SELECT 1 AS x");
    setTimeout(() => controller.abort(), 50);
    const started = performance.now();
    await expect(
      session.transaction(async () => {
        await session.execute("DELETE FROM t");
        await session.execute(
          "CREATE TABLE u AS SELECT SUM(sqrt(a.range) * b.range) FROM range(100000) a, range(100000) b",
        );
      }),
    ).rejects.toMatchObject({ kind: "interrupted" });
    expect(performance.now() - started).toBeLessThan(5_000);
  }
  await using session = await adapter().open(read);
  expect(await session.scalar("SELECT COUNT(*) FROM t")).toBe("1");
});

test("writers of one process take turns, readers share", async () => {
  const order: string[] = [];
  const job = async (name: string): Promise<void> => {
    await using session = await adapter().open(write);
    order.push(`${name} in`);
    await session.execute(`CREATE TABLE ${name} AS SELECT 1 AS x`);
    order.push(`${name} out`);
  };
  await Promise.all([job("a"), job("b"), job("c")]);
  expect(order).toEqual(["a in", "a out", "b in", "b out", "c in", "c out"]);
  await using one = await adapter().open(read);
  await using two = await adapter().open(read);
  expect(await one.scalar("SELECT COUNT(*) FROM a")).toBe(await two.scalar("SELECT COUNT(*) FROM b"));
});

test("a writer waits for the readers of its process and then writes", async () => {
  {
    await using session = await adapter().open(write);
    await session.execute("CREATE TABLE t AS SELECT 1 AS x");
  }
  const reader = await adapter().open(read);
  const writing = adapter().open(write);
  await reader.scalar("SELECT x FROM t");
  await reader[Symbol.asyncDispose]();
  await using session = await writing;
  expect(await session.execute("INSERT INTO t VALUES (2)")).toBe(1);
});

test("a file held by another process is waited for, visibly", async () => {
  const pid = await holdInAnotherProcess(600);
  const reports: WaitingReport[] = [];
  await using session = await adapter().open({ ...write, onWaiting: (report) => reports.push(report) });
  expect(await session.scalar("SELECT 1")).toBe(1);
  expect(reports).toHaveLength(1);
  expect(reports[0]?.holder).toContain(`PID ${pid}`);
});

test("the wait is bounded and the error names the file and its holder", async () => {
  const pid = await holdInAnotherProcess(3_000);
  const opening = adapter().open({ ...write, waitMs: 300 });
  await expect(opening).rejects.toMatchObject({ kind: "busy", where: { file: path } });
  await expect(opening).rejects.toThrow(`PID ${pid}`);
});

test("a cancelled wait ends at once and does not block the next one", async () => {
  const first = await adapter().open(write);
  const controller = new AbortController();
  const second = adapter().open({ ...write, signal: controller.signal });
  const third = adapter().open(write);
  controller.abort();
  await expect(second).rejects.toMatchObject({ kind: "interrupted" });
  await first[Symbol.asyncDispose]();
  await using session = await third;
  expect(await session.scalar("SELECT 1")).toBe(1);
});

test("what is no database is refused with its path", async () => {
  writeFileSync(path, "hello");
  await expect(adapter().open(write)).rejects.toMatchObject({ kind: "open", where: { file: path } });
});

test("reading does not create the file", async () => {
  await using session = await adapter().open(read);
  expect(await session.listSchemas("raw__")).toEqual([]);
  expect((await import("node:fs")).existsSync(path)).toBe(false);
});

test("time zones of the machine change nothing", async () => {
  await using session = await adapter().open(write);
  await using other = await session.connect();
  for (const connection of [session, other])
    expect(await connection.scalar("SELECT (TIMESTAMPTZ '2025-03-30 12:00:00')::VARCHAR")).toBe(
      "2025-03-30 12:00:00+00",
    );
});

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import Libsql from "libsql";
import { afterEach, beforeEach, expect, it } from "vitest";
import { openSqlite } from "./database.ts";

let folder: string;
let path: string;
let other: Libsql.Database;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "sqlite-"));
  path = join(folder, "runs.db");
  other = new Libsql(path);
  other.exec("CREATE TABLE t (n INTEGER); INSERT INTO t VALUES (1)");
});
afterEach(() => {
  other.close();
  rmSync(folder, { recursive: true });
});

it("waits for a lock that another process holds, also when it is opened under it", async () => {
  other.exec("BEGIN EXCLUSIVE");
  const database = openSqlite(path);
  const read = database.read((client) => client.query("SELECT n FROM t"));
  const written = database.write((client) => client.execute("UPDATE t SET n = n + 1"));
  setTimeout(() => other.exec("COMMIT"), 200);
  expect(await read).toEqual([{ n: 1 }]);
  expect(await written).toBe(1);
  await database.close();
});

it("names the database whose lock is not given up", async () => {
  const database = openSqlite(path, { busyLimitMs: 50 });
  other.exec("BEGIN EXCLUSIVE");
  await expect(database.read((client) => client.query("SELECT n FROM t"))).rejects.toMatchObject({
    code: "locked",
    message: `the database ${path} stayed locked by another process for 0.05 s`,
  });
  other.exec("COMMIT");
  expect(await database.read((client) => client.query("SELECT n FROM t"))).toEqual([{ n: 1 }]);
  await database.close();
  await expect(database.read((client) => client.query("SELECT 1"))).rejects.toThrow("is closed");
});

import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type OpenStateOptions, openState } from "./database.ts";
import { type ClaimRequest, claimKey, settleKey } from "./idempotency.ts";
import { ownerMayLive, ownOwner } from "./owner.ts";
import {
  latestProgressRun,
  putProgress,
  settleTable,
  succeededTables,
  unfinishedTables,
} from "./progress.ts";
import { cacheSchemas, countSchemas } from "./schema-cache.ts";
import { finishRun, listExecutions, listRuns, startRun } from "./runs.ts";
import { recordQuality } from "./quality-history.ts";
import { sweepIsDue, sweepRuns } from "./sweep.ts";
import { listWatermarks, putWatermark } from "./watermarks.ts";

let folder: string;
let path: string;
const options = (changes: Partial<OpenStateOptions> = {}): OpenStateOptions => ({
  path,
  mode: "write",
  waitMs: 2_000,
  ...changes,
});

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "rocky-state-"));
  path = join(folder, "deep", ".rocky-state.redb");
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test("a missing store reads as empty and is not created", async () => {
  using state = await openState(options({ mode: "read" }));
  expect(await listWatermarks(state)).toEqual([]);
  expect(await listRuns(state)).toEqual([]);
  expect(existsSync(path)).toBe(false);
});

test("what one process commits another one reads", async () => {
  {
    using state = await openState(options());
    await state.write((transaction) => {
      putWatermark(transaction, "b", "2025-01-01T00:00:00Z");
      putWatermark(transaction, "a", "2025-01-02T00:00:00.25Z");
      putWatermark(transaction, "b", "2025-01-03T00:00:00Z");
    });
  }
  using state = await openState(options({ mode: "read" }));
  expect((await listWatermarks(state)).map(({ table, value }) => [table, value])).toEqual([
    ["a", "2025-01-02T00:00:00.25Z"],
    ["b", "2025-01-03T00:00:00Z"],
  ]);
});

test("a failing transaction leaves nothing behind", async () => {
  using state = await openState(options());
  const writing = state.write((transaction) => {
    putWatermark(transaction, "a", "2025-01-01T00:00:00Z");
    throw new Error("stop");
  });
  await expect(writing).rejects.toThrow("stop");
  expect(await listWatermarks(state)).toEqual([]);
});

test("a store of the Rust engine is refused with advice, other files by name", async () => {
  path = join(folder, "old.redb");
  writeFileSync(path, Buffer.from("redb\x1a\n\xa9\r\n rest", "latin1"));
  await expect(openState(options())).rejects.toMatchObject({ code: "state_failed", where: { file: path } });
  await expect(openState(options({ mode: "read" }))).rejects.toThrow("Rust engine");
  writeFileSync(path, "just a text file, no database");
  await expect(openState(options())).rejects.toThrow("is not a state store");
});

test("a newer store is refused, or put aside when the config says so", async () => {
  {
    using state = await openState(options());
    await state.write((transaction) => {
      putWatermark(transaction, "a", "2025-01-01T00:00:00Z");
    });
    await state.write((transaction) => transaction.run("PRAGMA user_version = 99"));
  }
  await expect(openState(options())).rejects.toThrow("newer version");
  {
    using looked = await openState(options({ mode: "read", onMismatch: "recreate" }));
    expect(await listWatermarks(looked)).toEqual([]);
    expect(existsSync(path)).toBe(true);
  }
  using state = await openState(options({ onMismatch: "recreate" }));
  expect(await listWatermarks(state)).toEqual([]);
  expect(existsSync(`${path}.v99`)).toBe(true);
});

test("an older store keeps what it remembers; only its cache is made anew", async () => {
  const runId = await (async () => {
    using state = await openState(options());
    const id = await startRun(state, start);
    await finishRun(state, {
      interrupted: false,
      finishedAt: new Date(),
      durationMs: 5,
      status: "Success",
      runId: id,
      models: [execution("orders")],
    });
    await state.write((transaction) => {
      putWatermark(transaction, "a", "2025-01-01T00:00:00Z");
      putProgress(transaction, id, "a", "success");
      putProgress(transaction, id, "b", "running");
      // The tables of version 4.
      transaction.run("DROP TABLE schema_cache");
      transaction.run(
        "CREATE TABLE schema_cache (relation TEXT PRIMARY KEY, columns TEXT NOT NULL, cached_at TEXT NOT NULL)",
      );
      transaction.run("INSERT INTO schema_cache VALUES ('w.main.t', '[]', '2025-01-01T00:00:00Z')");
      transaction.run("PRAGMA user_version = 4");
    });
    return id;
  })();
  using state = await openState(options());
  expect(await listWatermarks(state)).toMatchObject([{ table: "a", value: "2025-01-01T00:00:00Z" }]);
  expect(await listRuns(state)).toMatchObject([{ runId, models: [{ modelName: "orders" }] }]);
  expect([...(await succeededTables(state, runId)), ...(await unfinishedTables(state))]).toEqual(["a", "b"]);
  expect(await latestProgressRun(state, "p")).toBe(runId);
  expect(await countSchemas(state)).toBe(0);
  const columns = [{ name: "x", type: "INTEGER" }];
  await cacheSchemas(state, [{ catalog: "w", schema: "main", table: "t", columns }]);
  expect(await countSchemas(state)).toBe(1);
});

test("two writers wait for each other instead of failing", async () => {
  using one = await openState(options());
  using two = await openState(options());
  const put = (state: typeof one, name: string): Promise<void> =>
    state.write((transaction) => putWatermark(transaction, name, "2025-01-01T00:00:00Z"));
  await Promise.all(Array.from({ length: 40 }, (_, index) => put(index % 2 === 0 ? one : two, `t${index}`)));
  expect(await listWatermarks(one)).toHaveLength(40);
});

const start = {
  startedAt: new Date("2025-03-01T10:20:30.400Z"),
  trigger: "Manual",
  configHash: "c",
  pipeline: "p",
} as const;
const execution = (modelName: string) => ({
  modelName,
  assetKey: ["w", "main", modelName],
  startedAt: "2025-03-01T10:20:30.400Z",
  finishedAt: "2025-03-01T10:20:31.400Z",
  durationMs: 1000,
  status: "success" as const,
  sqlHash: "abc",
});

test("runs get distinct ids and appear once finished, newest first", async () => {
  using state = await openState(options());
  const first = await startRun(state, start);
  const second = await startRun(state, start);
  expect([first, second]).toEqual(["run-20250301-102030-400", "run-20250301-102030-401"]);
  const end = {
    interrupted: false,
    finishedAt: new Date(),
    durationMs: 5,
    status: "Success",
  } as const;
  await finishRun(state, { ...end, runId: first, models: [execution("orders"), execution("buyers")] });
  expect(await listRuns(state)).toHaveLength(1);
  await finishRun(state, { ...end, runId: second, models: [execution("orders")] });
  expect((await listRuns(state)).map((run) => [run.runId, run.models.length])).toEqual([
    [second, 1],
    [first, 2],
  ]);
  expect(await listExecutions(state, "orders")).toHaveLength(2);
  expect(await sweepRuns(state, { before: "2026-01-01", keep: 1, dryRun: false })).toEqual({
    deleted: 1,
    kept: 1,
  });
  expect((await listRuns(state)).map((run) => run.runId)).toEqual([second]);
});

test("a run whose process was killed is a failure in the history, one that works is not there yet", async () => {
  using state = await openState(options());
  const dead = await startRun(state, start);
  await state.write((transaction) => {
    putProgress(transaction, dead, "a", "running");
    transaction.run("UPDATE run_owners SET owner = ?", ownOwner().replace(/ \d+ .*/, " 4194305 gone"));
  });
  await startRun(state, start);
  const [run, ...others] = await listRuns(state, { since: "2025-01-01" });
  expect(others).toEqual([]);
  expect(run).toMatchObject({ runId: dead, status: "Failure", models: [] });
  // It lasted at least until it touched its last table.
  expect(run?.durationMs).toBeGreaterThan(0);
  expect(Date.parse(run?.finishedAt ?? "")).toBeGreaterThan(Date.parse(run?.startedAt ?? ""));
  await state.write((transaction) => settleTable(transaction, "a"));
  await sweepRuns(state, { before: "2026-01-01", keep: 0, dryRun: false });
  expect(await state.all("SELECT * FROM run_owners")).toEqual([]);
});

test("progress tells what to skip on resume and what a crash left unfinished", async () => {
  using state = await openState(options());
  const run = await startRun(state, start);
  await state.write((transaction) => {
    putProgress(transaction, run, "a", "running");
    putProgress(transaction, run, "a", "success");
    putProgress(transaction, run, "b", "failed");
    putProgress(transaction, run, "c", "running");
  });
  expect(await latestProgressRun(state, "p")).toBe(run);
  expect([...(await succeededTables(state, run))]).toEqual(["a"]);
  expect([...(await unfinishedTables(state))]).toEqual(["c"]);
  await state.write((transaction) => settleTable(transaction, "c"));
  expect([...(await unfinishedTables(state))]).toEqual([]);
});

test("an idempotency key is claimed once, and again after its owner died or failed", async () => {
  using state = await openState(options());
  const request: ClaimRequest = {
    key: "nightly",
    runId: "run-1",
    now: new Date(),
    inFlightTtlHours: 24,
    retentionDays: 30,
    owner: "host 1 a",
    isAlive: () => true,
  };
  expect(await claimKey(state, request)).toEqual({ kind: "claimed" });
  expect(await claimKey(state, { ...request, runId: "run-2" })).toEqual({
    kind: "in_flight",
    runId: "run-1",
  });
  expect(await claimKey(state, { ...request, runId: "run-2", isAlive: () => false })).toEqual({
    kind: "claimed",
  });
  await settleKey(state, "nightly", "run-2", false);
  expect(await claimKey(state, { ...request, runId: "run-3" })).toEqual({ kind: "claimed" });
  await settleKey(state, "nightly", "run-3", true);
  expect(await claimKey(state, { ...request, runId: "run-4" })).toEqual({ kind: "done", runId: "run-3" });
});

test("an owner of this machine is known to live or not, one of another machine may", () => {
  const [host, pid] = ownOwner().split(" ");
  expect(ownerMayLive(ownOwner())).toBe(true);
  expect(ownerMayLive(`${host} ${pid} another-token`)).toBe(false);
  expect(ownerMayLive(`${host} 4194305 gone`)).toBe(false);
  expect(ownerMayLive(`${host} 1 init`)).toBe(pid !== "1");
  expect(ownerMayLive("elsewhere 1 x")).toBe(true);
  // Somebody else has got the number since; only where the kernel says when a process began.
  expect(ownerMayLive(`${host} ${process.ppid} before 1`)).toBe(!existsSync("/proc/self/stat"));
});

test("a closed store is one file, and a damaged or unwritable one says what to do", async () => {
  {
    using state = await openState(options());
    await state.write((transaction) => putWatermark(transaction, "a", "2025-01-01T00:00:00Z"));
  }
  const copy = join(folder, "copy.redb");
  copyFileSync(path, copy);
  {
    using state = await openState(options({ mode: "read" }));
    expect(await listWatermarks(state)).toHaveLength(1);
    using copied = await openState({ ...options(), path: copy });
    expect(await listWatermarks(copied)).toHaveLength(1);
  }
  const bytes = readFileSync(path);
  writeFileSync(copy, Buffer.concat([bytes.subarray(0, 4096), Buffer.alloc(bytes.length - 4096, 0x55)]));
  const damaged = async (): Promise<unknown> => {
    using state = await openState({ ...options(), path: copy });
    return await listWatermarks(state);
  };
  await expect(damaged()).rejects.toMatchObject({
    code: "state_failed",
    hint: expect.stringContaining("damaged"),
  });
  mkdirSync(join(folder, "folder.redb"));
  await expect(openState({ ...options(), path: join(folder, "folder.redb") })).rejects.toMatchObject({
    hint: expect.stringContaining("there is a folder"),
  });
});

test("a sweep is due once an interval; it keeps marks of killed copies and what is usual for a table", async () => {
  using state = await openState(options());
  expect([await sweepIsDue(state, 60), await sweepIsDue(state, 60), await sweepIsDue(state, 0)]).toEqual([
    true,
    false,
    true,
  ]);
  const ids = Array.from({ length: 1200 }, (_, at) => `run-${1000 + at}`);
  await state.write((transaction) => {
    for (const id of ids)
      transaction.run(
        "INSERT INTO runs (run_id, started_at, status, trigger, config_hash, duration_ms) VALUES (?, ?, 'Success', 'Manual', '', 0)",
        id,
        "2025-03-01T00:00:00Z",
      );
  });
  await state.write((transaction) => putProgress(transaction, ids[3] ?? "", "t", "running"));
  await recordQuality(
    state,
    Array.from({ length: 30 }, (_, at) => ({
      table: "t",
      runId: ids[at] ?? "",
      recordedAt: `2025-03-01T00:00:${String(at).padStart(2, "0")}Z`,
      rowCount: at,
      nullRates: {},
    })),
  );
  const dry = await sweepRuns(state, { before: "2026-01-01", keep: 100, dryRun: true });
  expect(dry).toEqual({ deleted: 1099, kept: 101 });
  expect(await sweepRuns(state, { before: "2026-01-01", keep: 100, dryRun: false })).toEqual(dry);
  expect(await state.all("SELECT COUNT(*), MIN(run_id) FROM runs")).toEqual([[101, ids[3]]]);
  expect(await state.all("SELECT COUNT(*), MIN(row_count) FROM quality")).toEqual([[20, 10]]);
});

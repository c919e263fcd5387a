import { existsSync } from "node:fs";
import { join } from "node:path";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { openInstance, type Instance } from "../open-instance.ts";
import type { EventRow } from "../storage.ts";
import { createFixtureInstance, type FixtureInstance } from "./fixture.ts";

setFlagsFromString("--expose-gc");
const collectGarbage = runInNewContext("gc") as () => void;

const RUN = "run-1";
let fixture: FixtureInstance;
let instance: Instance;

beforeEach(async () => {
  fixture = createFixtureInstance();
  fixture.addRun(RUN);
  instance = await openInstance(fixture.ref);
});
afterEach(async () => {
  await instance.close();
  fixture.remove();
});

const event = (type: string, fields: Partial<EventRow> = {}): EventRow => ({
  runId: RUN,
  body: `{"__class__": "EventLogEntry", "dagster_event": null, "run_id": "${RUN}", "timestamp": 1795210853.5}`,
  timestamp: 1795210853.5,
  type,
  ...fields,
});

const materialization = (version: string, fields: Partial<EventRow> = {}): EventRow =>
  event("ASSET_MATERIALIZATION", {
    assetKey: ["mart", "revenue"],
    tags: { "dagster/data_version": version, "dagster/code_version": "v1" },
    ...fields,
  });

describe("sharded SQLite events", () => {
  it("writes plain events to the shard only", async () => {
    await instance.events.store([event("STEP_START", { stepKey: "a" }), event("LOGS_CAPTURED")]);
    expect(
      fixture.rows(RUN, "SELECT dagster_event_type AS t, timestamp, step_key FROM event_logs"),
    ).toMatchObject([
      { t: "STEP_START", timestamp: "2026-11-20 21:40:53.500000", step_key: "a" },
      { t: "LOGS_CAPTURED" },
    ]);
    expect(fixture.rows("index", "SELECT * FROM event_logs")).toEqual([]);
  });

  it("keeps nothing open of a run that is only read", async () => {
    fixture.addRun("other");
    fixture.execute(
      "other",
      "INSERT INTO event_logs (run_id, event, dagster_event_type) VALUES ('other', '{}', 'RUN_START')",
    );
    expect(await instance.events.runEvents("other", ["RUN_START"])).toHaveLength(1);
    await instance.events.store([event("STEP_START")]);
    expect(await instance.events.runEvents(RUN, ["STEP_START"])).toHaveLength(1);
    // SQLite removes it with the last connection, which libsql ends when its statements are collected.
    const isOpen = (name: string) => existsSync(join(fixture.home, "history/runs", `${name}.db-shm`));
    await vi.waitFor(() => {
      collectGarbage();
      expect([RUN, "other"].map(isOpen)).toEqual([true, false]);
    });
  });

  it("says which table of a run is missing", async () => {
    fixture.addRun("broken");
    fixture.execute("broken", "DROP TABLE event_logs");
    await expect(instance.events.runEvents("broken", ["RUN_START"])).rejects.toThrow(
      /broken\.db has no table `event_logs`/,
    );
  });

  it("mirrors materializations with tags and the asset's row, by index id", async () => {
    await instance.events.store([materialization("a")]);
    const [id] = await instance.events.store([materialization("b")]);
    expect(id).toBe(2);
    expect(fixture.rows("index", "SELECT event_id, asset_key, key, value FROM asset_event_tags")).toEqual([
      { event_id: 1, asset_key: '["mart", "revenue"]', key: "dagster/data_version", value: "a" },
      { event_id: 2, asset_key: '["mart", "revenue"]', key: "dagster/data_version", value: "b" },
    ]);
    expect(
      fixture.rows("index", "SELECT asset_key, last_run_id, create_timestamp FROM asset_keys"),
    ).toMatchObject([
      {
        asset_key: '["mart", "revenue"]',
        last_run_id: RUN,
        create_timestamp: expect.stringMatching(/^\d{4}-/),
      },
    ]);
    const latest = await instance.events.latestMaterializations([["mart", "revenue"], ["nope"]]);
    expect([...latest]).toEqual([
      ['["mart", "revenue"]', expect.objectContaining({ storageId: 2, runId: RUN, timestamp: 1795210853.5 })],
    ]);
  });

  it("finds the newest data version per partition, and forgets wiped ones", async () => {
    for (const [partition, version] of [
      ["p1", "a"],
      ["p2", "b"],
      ["p1", "c"],
    ] as const) {
      await instance.events.store([materialization(version, { partition })]);
    }
    const read = () =>
      instance.events.latestTagByPartition(["mart", "revenue"], "dagster/data_version", ["p1", "p2", "p3"]);
    expect([...(await read())].sort()).toEqual([
      ["p1", "c"],
      ["p2", "b"],
    ]);
    expect(
      await instance.events.latestEvent(["mart", "revenue"], "ASSET_MATERIALIZATION", "p2"),
    ).toMatchObject({ storageId: 2 });
    fixture.execute("index", "UPDATE asset_keys SET wipe_timestamp = '2026-11-20 22:00:00.000000'");
    expect((await read()).size).toBe(0);
    expect(await instance.events.latestEvent(["mart", "revenue"], "ASSET_MATERIALIZATION")).toBeUndefined();
  });

  it("turns the planned check row into the evaluation and adds a row nobody planned", async () => {
    fixture.execute(
      "index",
      `INSERT INTO asset_check_executions (asset_key, check_name, run_id, execution_status) VALUES ('["a"]', 'c1', '${RUN}', 'PLANNED')`,
    );
    const check = { assetKey: ["a"], checkName: "c1", passed: false, targetStorageId: 7 };
    await instance.events.store([event("ASSET_CHECK_EVALUATION", { check })]);
    await instance.events.store([
      event("ASSET_CHECK_EVALUATION", { check: { ...check, checkName: "c2", passed: true } }),
    ]);
    expect(
      fixture.rows(
        "index",
        "SELECT check_name, execution_status, materialization_event_storage_id AS target FROM asset_check_executions",
      ),
    ).toEqual([
      { check_name: "c1", execution_status: "FAILED", target: 7 },
      { check_name: "c2", execution_status: "SUCCEEDED", target: 7 },
    ]);
    expect(await instance.events.latestCheck(["a"], "c1")).toMatchObject({ status: "FAILED", runId: RUN });
  });

  it("mirrors run status events, which sensors read across runs", async () => {
    await instance.events.store([event("PIPELINE_START"), event("STEP_START"), event("PIPELINE_SUCCESS")]);
    const found = await instance.events.events({
      types: ["PIPELINE_SUCCESS", "PIPELINE_FAILURE"],
      afterId: 1,
      limit: 10,
    });
    expect(found).toMatchObject([{ storageId: 2, type: "PIPELINE_SUCCESS", runId: RUN }]);
    expect(await instance.events.maximumId()).toBe(2);
    expect(await instance.events.runEvents(RUN, ["STEP_START"])).toHaveLength(1);
  });

  it("names a missing column and its remedy", async () => {
    fixture.execute(
      "index",
      "ALTER TABLE asset_check_executions RENAME COLUMN materialization_event_storage_id TO old",
    );
    await expect(openInstance(fixture.ref)).rejects.toThrow(
      /column `materialization_event_storage_id`.*dagster instance migrate/,
    );
  });

  it("says that the host makes the databases", async () => {
    await expect(instance.events.store([{ ...event("STEP_START"), runId: "other" }])).rejects.toThrow(
      /host creates it/,
    );
  });
});

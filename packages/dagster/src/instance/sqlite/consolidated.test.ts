import { readFileSync } from "node:fs";
import { join } from "node:path";
import Libsql from "libsql";
import { expect, it } from "vitest";
import { openInstance } from "../open-instance.ts";
import { createFixtureInstance } from "./fixture.ts";

it("keeps the events of all runs in one table, each once", async () => {
  const fixture = createFixtureInstance();
  const file = join(fixture.home, "history/runs/event_log.db");
  const made = new Libsql(file);
  made.exec(readFileSync(new URL("./fixtures/events.sql", import.meta.url), "utf8"));
  made.close();
  const instance = await openInstance(
    fixture.ref.replace('"SqliteEventLogStorage"', '"ConsolidatedSqliteEventLogStorage"'),
  );
  const event = (runId: string, type: string) => ({ runId, type, body: "{}", timestamp: 1 });
  await instance.events.store([
    event("r1", "PIPELINE_START"),
    { ...event("r1", "ASSET_MATERIALIZATION"), assetKey: ["a"] },
  ]);
  await instance.events.store([event("r2", "PIPELINE_START")]);
  expect(await instance.events.events({ types: ["PIPELINE_START"], limit: 10 })).toMatchObject([
    { storageId: 1, runId: "r1" },
    { storageId: 3, runId: "r2" },
  ]);
  expect(await instance.events.runEvents("r1", ["PIPELINE_START", "ASSET_MATERIALIZATION"])).toHaveLength(2);
  expect(fixture.rows("event_log", "SELECT asset_key, last_run_id FROM asset_keys")).toEqual([
    { asset_key: '["a"]', last_run_id: "r1" },
  ]);
  await instance.close();
  fixture.remove();
});

import { afterEach, beforeEach, expect, it } from "vitest";
import { float } from "../../wire/index.ts";
import { openInstance, type Instance } from "../open-instance.ts";
import { createFixtureInstance, type FixtureInstance } from "./fixture.ts";

let fixture: FixtureInstance;
let instance: Instance;
beforeEach(async () => {
  fixture = createFixtureInstance();
  fixture.addRun("r1", {
    tags: { team: "sales" },
    fields: {
      run_config: { ops: { a: { config: { ratio: float(1), big: 12345678901234567890n, text: "é" } } } },
    },
  });
  instance = await openInstance(fixture.ref);
});
afterEach(async () => {
  await instance.close();
  fixture.remove();
});

it("changes status and tags of a run body and nothing else", async () => {
  const before = (await instance.runs.getRun("r1"))?.body ?? "";
  await instance.runs.setStatus("r1", { status: "STARTED", at: 1795210848.3668103 });
  await instance.runs.setStatus("r1", {
    status: "FAILURE",
    at: 1795210875.891275,
    failureReason: "STEP_FAILURE",
  });
  const after = await instance.runs.getRun("r1");
  expect(after).toMatchObject({ status: "FAILURE", startTime: 1795210848.36681, endTime: 1795210875.891275 });
  expect(after?.body).toBe(
    before
      .replace("PipelineRunStatus.STARTING", "PipelineRunStatus.FAILURE")
      .replace('"tags": {', '"tags": {"dagster/failure_reason": "STEP_FAILURE", '),
  );
  expect(after?.body).toContain('"big": 12345678901234567890, "ratio": 1.0, "text": "\\u00e9"');
  expect(fixture.rows("runs", "SELECT key, value FROM run_tags ORDER BY id")).toEqual([
    { key: "team", value: "sales" },
    { key: "dagster/failure_reason", value: "STEP_FAILURE" },
  ]);
  expect(fixture.rows("runs", "SELECT update_timestamp AS t FROM runs")).toEqual([
    { t: "2026-11-20 21:41:15.891275" },
  ]);
});

it("replaces a tag that exists and keeps partition columns in step", async () => {
  await instance.runs.addTags("r1", { team: "ops", "dagster/partition": "2026-01-01" });
  expect(await instance.runs.getRun("r1")).toMatchObject({
    tags: { team: "ops", "dagster/partition": "2026-01-01" },
  });
  expect(fixture.rows("runs", "SELECT value FROM run_tags WHERE key = 'team'")).toEqual([{ value: "ops" }]);
  expect(fixture.rows("runs", "SELECT partition FROM runs")).toEqual([{ partition: "2026-01-01" }]);
});

it("counts runs by tags and statuses", async () => {
  fixture.addRun("r2", { tags: { team: "sales", "dagster/root_run_id": "r1" } });
  fixture.addRun("r3", { status: "STARTED" });
  const count = (tags: Record<string, string>, statuses: string[]) =>
    instance.runs.countRuns({ tags, statuses });
  expect(await count({ team: "sales" }, ["STARTING"])).toBe(2);
  expect(await count({ team: "sales" }, ["STARTED"])).toBe(0);
  expect(await count({}, [])).toBe(0);
  expect(await instance.runs.runGroupSize("r1")).toBe(2);
  expect((await instance.runs.listRuns({}, 2)).map((run) => run.runId)).toEqual(["r3", "r2"]);
});

it("keeps key values", async () => {
  await instance.runs.setKeyValue("k", "1");
  await instance.runs.setKeyValue("k", "2");
  expect([...(await instance.runs.getKeyValues(["k", "x"]))]).toEqual([["k", "2"]]);
});

it("lets processes change one value in turns", async () => {
  const others = await Promise.all([openInstance(fixture.ref), openInstance(fixture.ref)]);
  try {
    const add = (name: string) => (value: string | undefined) =>
      JSON.stringify([...(JSON.parse(value ?? "[]") as string[]), name]);
    await Promise.all(
      [instance, ...others].flatMap(({ runs }, who) =>
        Array.from({ length: 20 }, (_, index) => runs.updateKeyValue("k", add(`${who}.${index}`))),
      ),
    );
    const text = (await instance.runs.getKeyValues(["k"])).get("k") ?? "";
    expect(new Set(JSON.parse(text) as string[]).size).toBe(60);
  } finally {
    for (const other of others) await other.close();
  }
});

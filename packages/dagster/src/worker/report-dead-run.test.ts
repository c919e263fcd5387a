import { afterEach, beforeEach, expect, it } from "vitest";
import { type Instance, openInstance } from "../instance/open-instance.ts";
import { createFixtureInstance, type FixtureInstance } from "../instance/sqlite/fixture.ts";
import { eventsOf, outline } from "./fixture.ts";
import { reportDeadRun, reportDeadRunIn } from "./report-dead-run.ts";

let fixture: FixtureInstance;
let instance: Instance;
beforeEach(async () => {
  fixture = createFixtureInstance();
  instance = await openInstance(fixture.ref);
});
afterEach(async () => {
  await instance.close();
  fixture.remove();
});

it("fails a run whose worker died and frees what it held", async () => {
  fixture.addRun("r1", { status: "STARTED" });
  await instance.events.pools.applyDefault("db", 1);
  await instance.events.pools.claim("db", "r1", "step", 0);
  await reportDeadRunIn(fixture.ref, "r1", "was ended by SIGKILL");
  const run = await instance.runs.getRun("r1");
  expect(run).toMatchObject({
    status: "FAILURE",
    tags: { "dagster/failure_reason": "UNEXPECTED_TERMINATION" },
  });
  const events = eventsOf(fixture, "r1");
  expect(outline(events)).toEqual(["ENGINE_EVENT", "PIPELINE_FAILURE"]);
  expect(events[1]?.message).toContain("was ended by SIGKILL unexpectedly");
  expect(await instance.events.pools.claim("db", "r2", "step", 0)).toBe(true);
});

it("cancels a run that was being canceled, and leaves one alone that is over", async () => {
  fixture.addRun("r1", { status: "CANCELING" });
  await reportDeadRun(instance, "r1", "exited with code 1");
  await reportDeadRun(instance, "r1", "exited with code 1");
  await reportDeadRun(instance, "unknown", "exited with code 1");
  expect((await instance.runs.getRun("r1"))?.status).toBe("CANCELED");
  expect(outline(eventsOf(fixture, "r1"))).toEqual(["PIPELINE_CANCELED"]);
});

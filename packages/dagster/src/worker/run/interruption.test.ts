import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, beforeEach, expect, it } from "vitest";
import { AssetEvent, Failure } from "../../definitions/events.ts";
import { AssetKey } from "../../definitions/keys.ts";
import type { MetadataInput } from "../../definitions/metadata.ts";
import { type Instance, openInstance } from "../../instance/open-instance.ts";
import { createFixtureInstance, type FixtureInstance } from "../../instance/sqlite/fixture.ts";
import { UncaughtError } from "../events/step-errors.ts";
import { definitions, dig, eventsOf, op, outline, runIn, spec } from "../fixture.ts";
import { EventNotStoredError } from "./event-sink.ts";

let fixture: FixtureInstance;
let instance: Instance;
const open = async (settings = {}): Promise<void> => {
  fixture = createFixtureInstance(settings);
  instance = await openInstance(fixture.ref);
};
beforeEach(() => open());
afterEach(async () => {
  await instance.close();
  fixture.remove();
});

const made = (name: string, metadata: MetadataInput = {}) =>
  AssetEvent.materialize({ assetKey: AssetKey.from(name), metadata });
const simple = (name: string) =>
  op([spec(name)], async function* () {
    yield made(name);
  });
/** Waits for the signal, which `onStart` may fire. */
const slow = (name: string, onStart: () => void = () => undefined) =>
  op([spec(name)], async function* (context) {
    onStart();
    await sleep(60_000, undefined, { signal: context.signal });
    yield made(name);
  });

it("is a failure of the run when something threw past everyone, also when every step was done", async () => {
  for (const [runId, asset] of [
    ["r1", slow],
    [
      "r2",
      (name: string, onStart: () => void) =>
        op([spec(name)], async function* () {
          yield made(name);
          onStart();
        }),
    ],
  ] as const) {
    fixture.addRun(runId);
    const abort = new AbortController();
    const defs = definitions([
      asset("a", () => abort.abort(new UncaughtError(new TypeError("no such thing")))),
    ]);
    const { status, events } = await runIn(instance, fixture, runId, defs, { signal: abort.signal });
    expect(status).toBe("FAILURE");
    const failure = events.find((event) => event.type === "PIPELINE_FAILURE");
    expect(failure?.message).toContain("an error that nothing caught: TypeError: no such thing");
    expect(dig(failure?.data, "error", "cause", "message")).toBe("TypeError: no such thing\n");
    expect((await instance.runs.getRun(runId))?.tags["dagster/failure_reason"]).toBe("RUN_EXCEPTION");
  }
});

it("leaves the run to the next worker when the run monitor will start one, which does the step again", async () => {
  await instance.close();
  fixture.remove();
  await open({ run_monitoring: { enabled: true, max_resume_run_attempts: 1 } });
  fixture.addRun("r1");
  const abort = new AbortController();
  const first = await runIn(instance, fixture, "r1", definitions([slow("a", () => abort.abort())]), {
    signal: abort.signal,
  });
  expect(first.status).toBe("STARTED");
  expect(first.events.at(-2)?.message).toContain("not treating as failure because run will be resumed");
  const second = await runIn(instance, fixture, "r1", definitions([simple("a")]), { resume: true });
  expect(second.status).toBe("SUCCESS");
  expect(second.events.map(({ message }) => message)).toContain(
    `Started process for resuming job (pid: ${process.pid}).`,
  );
  expect(outline(second.events)).toContain("STEP_RESTARTED:a");
});

it("works on nothing when somebody canceled it before its worker was there", async () => {
  fixture.addRun("r1", { status: "CANCELING" });
  const { status, events } = await runIn(instance, fixture, "r1", definitions([simple("a")]));
  expect(status).toBe("CANCELED");
  expect(outline(events)).toEqual(["ENGINE_EVENT", "PIPELINE_CANCELED", "ENGINE_EVENT"]);
});

it("stops its steps when events cannot be stored, and says so as soon as they can", async () => {
  fixture.addRun("r1");
  let stopped = false;
  const talkative = op([spec("a")], async function* (context) {
    context.signal.addEventListener("abort", () => {
      stopped = true;
      fixture.execute("index", "ALTER TABLE away RENAME TO event_logs");
    });
    await sleep(60_000, undefined, { signal: context.signal });
    yield made("a");
  });
  const failing = op([spec("b")], async function* () {
    await sleep(50);
    fixture.execute("index", "ALTER TABLE event_logs RENAME TO away");
    yield made("b");
  });
  await expect(
    runIn(instance, fixture, "r1", definitions([talkative, failing]), { lastWordSeconds: 10 }),
  ).rejects.toThrow(EventNotStoredError);
  expect(stopped).toBe(true);
  expect((await instance.runs.getRun("r1"))?.status).toBe("FAILURE");
  const last = eventsOf(fixture, "r1").at(-1);
  expect(last).toMatchObject({ type: "PIPELINE_FAILURE" });
  expect(last?.message).toMatch(/an event could not be stored: .*event_logs/);
});

it("fails a step whose metadata cannot be written, naming the label", async () => {
  fixture.addRun("r1");
  const circle: Record<string, unknown> = {};
  circle.inner = [circle];
  const cases: [string, unknown, string][] = [
    ["circle", circle, "metadata `value`.inner.0 holds itself"],
    ["code", () => 1, "metadata `value` is a function"],
    ["date", { at: new Date(0) }, "metadata `value`.at is a Date"],
    ["map", new Map([[1, 2]]), "metadata `value` is a Map"],
    ["typed", { kind: "table" }, "metadata `value` cannot be written"],
  ];
  const assets = cases.map(([name, value]) =>
    op([spec(name)], async function* () {
      yield made(name, { value: value as string });
    }),
  );
  const { status, events } = await runIn(instance, fixture, "r1", definitions(assets));
  expect(status).toBe("FAILURE");
  for (const [name, , message] of cases) {
    const failure = events.find((event) => event.type === "STEP_FAILURE" && event.step === name);
    expect([name, dig(failure?.data, "error", "message")]).toEqual([name, expect.stringContaining(message)]);
  }
  expect(events.filter((event) => event.type === "ASSET_MATERIALIZATION")).toEqual([]);
});

it("keeps a failure whose own metadata cannot be written", async () => {
  fixture.addRun("r1");
  const failing = op([spec("a")], () => {
    throw new Failure("no disk", { metadata: { left: (() => 1) as never } });
  });
  const { events } = await runIn(instance, fixture, "r1", definitions([failing]));
  const failure = events.find((event) => event.type === "STEP_FAILURE");
  expect(dig(failure?.data, "user_failure_data", "description")).toBe("no disk");
});

import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { AssetEvent, Failure, RetryRequested } from "../../definitions/events.ts";
import { AssetKey } from "../../definitions/keys.ts";
import { type Instance, openInstance } from "../../instance/open-instance.ts";
import { createFixtureInstance, type FixtureInstance } from "../../instance/sqlite/fixture.ts";
import { checkOp, checkSpec, definitions, dig, eventsOf, op, outline, runIn, spec } from "../fixture.ts";

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

const key = AssetKey.from;
const made = (name: string, rest: Partial<AssetEvent & { kind: "materialize" }> = {}) =>
  AssetEvent.materialize({ assetKey: key(name), ...rest });
const simple = (name: string, deps: string[] = []) =>
  op([spec(name, deps)], async function* () {
    yield made(name);
  });

describe("a run", () => {
  it("writes the events of its steps in order and ends in SUCCESS", async () => {
    fixture.addRun("r1");
    const defs = definitions([
      op([spec("a", [], { codeVersion: "v1" })], async function* (context) {
        context.log.info("hello");
        yield made("a", { metadata: { rows: 3 } });
      }),
      simple("b", ["a"]),
    ]);
    const { status, events } = await runIn(instance, fixture, "r1", defs);
    expect(status).toBe("SUCCESS");
    expect(outline(events)).toEqual([
      "ENGINE_EVENT",
      "PIPELINE_START",
      "ENGINE_EVENT",
      "LOGS_CAPTURED",
      "STEP_START:a",
      "LOG:a",
      "STEP_OUTPUT:a",
      "ASSET_MATERIALIZATION:a",
      "STEP_SUCCESS:a",
      "LOGS_CAPTURED",
      "STEP_START:b",
      "STEP_OUTPUT:b",
      "ASSET_MATERIALIZATION:b",
      "STEP_SUCCESS:b",
      "ENGINE_EVENT",
      "PIPELINE_SUCCESS",
      "ENGINE_EVENT",
    ]);
    const tags = events.find((event) => event.type === "ASSET_MATERIALIZATION" && event.step === "b")?.data;
    expect(dig(tags, "materialization", "tags")).toMatchObject({
      "dagster/code_version": "r1",
      "dagster/input_event_pointer/a": "2",
    });
    expect(await instance.runs.getRun("r1")).toMatchObject({
      status: "SUCCESS",
      startTime: expect.any(Number),
      endTime: expect.any(Number),
    });
  });

  it("keeps the output of steps that run side by side apart", async () => {
    fixture.addRun("r1");
    const chatty = (name: string) =>
      op([spec(name)], async function* () {
        for (let i = 0; i < 3; i++) {
          process.stdout.write(`${name} ${i}\n`);
          await sleep(5);
        }
        process.stderr.write(`${name} err\n`);
        yield made(name);
      });
    const { events } = await runIn(instance, fixture, "r1", definitions([chatty("a"), chatty("b")]));
    const { readFileSync } = await import("node:fs");
    for (const step of ["a", "b"]) {
      const captured = events.find(
        (event) => event.type === "LOGS_CAPTURED" && dig(event.data, "step_keys", 0) === step,
      )?.data;
      const base = `${fixture.home}/storage/r1/compute_logs/${dig(captured, "log_key")}`;
      expect(readFileSync(`${base}.out`, "utf8")).toBe(`${step} 0\n${step} 1\n${step} 2\n`);
      expect(readFileSync(`${base}.err`, "utf8")).toBe(`${step} err\n`);
      expect(readFileSync(`${base}.complete`, "utf8")).toBe("");
    }
  });

  it("fails a step that did not yield its asset, keeps what it yielded, and stops what is downstream", async () => {
    fixture.addRun("r1");
    const defs = definitions([
      op(
        [spec("a"), spec("b")],
        async function* () {
          yield made("a");
        },
        { opName: "two", canSubset: true },
      ),
      simple("c", ["b"]),
      simple("d"),
    ]);
    const { status, events } = await runIn(instance, fixture, "r1", defs);
    expect(status).toBe("FAILURE");
    const failure = events.find((event) => event.type === "STEP_FAILURE");
    expect(dig(failure?.data, "error", "message")).toContain('op "two" ended without materializing asset b');
    expect(
      events
        .filter((event) => event.type === "ASSET_MATERIALIZATION")
        .map((event) => event.step)
        .sort(),
    ).toEqual(["d", "two"]);
    expect(events.find((event) => event.type === "LOG" && event.step === "c")?.message).toBe(
      "Dependencies for step c failed: ['two']. Not executing.",
    );
    expect(events.find((event) => event.type === "PIPELINE_FAILURE")?.data).toMatchObject({
      failure_reason: { __enum__: "RunFailureReason.STEP_FAILURE" },
      first_step_failure_event: { step_key: "two" },
    });
    expect((await instance.runs.getRun("r1"))?.tags).toMatchObject({
      "dagster/failure_reason": "STEP_FAILURE",
    });
  });

  it("skips steps whose skippable upstream was not made", async () => {
    fixture.addRun("r1");
    const maybe = op([spec("a", [], { skippable: true })], async function* () {});
    const { status, events } = await runIn(
      instance,
      fixture,
      "r1",
      definitions([maybe, simple("b", ["a"]), simple("c", ["b"])]),
    );
    expect(status).toBe("SUCCESS");
    expect(outline(events).filter((line) => line.startsWith("STEP_SK"))).toEqual([
      "STEP_SKIPPED:b",
      "STEP_SKIPPED:c",
    ]);
  });

  it("records a failure's metadata and retries by policy", async () => {
    fixture.addRun("r1");
    const seen: number[] = [];
    const flaky = op(
      [spec("a")],
      async function* (context) {
        seen.push(context.retryNumber);
        if (context.retryNumber < 2) throw new Error("not yet");
        yield made("a");
      },
      { retryPolicy: { maxRetries: 2 } },
    );
    const failing = op([spec("b")], () => {
      throw new Failure("no disk", { metadata: { path: "/data", left: 0 } });
    });
    const { events } = await runIn(instance, fixture, "r1", definitions([flaky, failing]));
    expect(seen).toEqual([0, 1, 2]);
    expect(outline(events).filter((line) => line.endsWith(":a"))).toEqual([
      "STEP_START:a",
      "STEP_UP_FOR_RETRY:a",
      "STEP_RESTARTED:a",
      "STEP_UP_FOR_RETRY:a",
      "STEP_RESTARTED:a",
      "STEP_OUTPUT:a",
      "ASSET_MATERIALIZATION:a",
      "STEP_SUCCESS:a",
    ]);
    expect(
      dig(events.find((event) => event.type === "STEP_FAILURE")?.data, "user_failure_data"),
    ).toMatchObject({
      label: "intentional-failure",
      description: "no disk",
      metadata_entries: [{ label: "path" }, { label: "left" }],
    });
  });

  it("gives up after the attempts that user code asked for", async () => {
    fixture.addRun("r1");
    const asking = op([spec("a")], () => {
      throw new RetryRequested("again", { maxRetries: 1, secondsToWait: 0.01, cause: new Error("why") });
    });
    const { status, events } = await runIn(instance, fixture, "r1", definitions([asking]));
    expect(status).toBe("FAILURE");
    expect(events.find((event) => event.type === "STEP_UP_FOR_RETRY")?.message).toContain("in 0.01 seconds");
    expect(events.find((event) => event.type === "STEP_FAILURE")?.data).toMatchObject({
      error: { message: "Exceeded max_retries of 1\n", cause: { message: "Error: why\n" } },
    });
  });

  it("stops downstream of a failing blocking check, in its own op or in another", async () => {
    fixture.addRun("r1");
    const verdict = (asset: string, name: string, passed: boolean) =>
      AssetEvent.check({ assetKey: key(asset), checkName: name, passed });
    const defs = definitions(
      [
        op(
          [spec("a")],
          async function* () {
            yield made("a");
            yield verdict("a", "inner", false);
          },
          { checkSpecs: [checkSpec("a", "inner", true)] },
        ),
        simple("a2", ["a"]),
        simple("b"),
        simple("b2", ["b"]),
        simple("c"),
        simple("c2", ["c"]),
      ],
      {
        assetChecks: [
          checkOp(
            "b",
            "outer",
            async function* () {
              yield verdict("b", "outer", false);
            },
            true,
          ),
          checkOp(
            "c",
            "outer",
            async function* () {
              yield verdict("c", "outer", true);
            },
            true,
          ),
        ],
      },
    );
    const { status, events } = await runIn(instance, fixture, "r1", defs);
    expect(status).toBe("FAILURE");
    const materialized = events
      .filter((event) => event.type === "ASSET_MATERIALIZATION")
      .map((event) => event.step);
    expect(materialized.sort()).toEqual(["a", "b", "c", "c2"]);
    const target = events.find(
      (event) => event.type === "ASSET_CHECK_EVALUATION" && event.step === "b_outer",
    )?.data;
    expect(target).toMatchObject({
      blocking: true,
      success: false,
      target_materialization_data: { run_id: "r1" },
    });
    expect(
      dig(
        events.find((event) => event.type === "STEP_FAILURE" && event.step === "a")?.data,
        "error",
        "message",
      ),
    ).toContain("1 blocking asset check failed with ERROR severity:\na: inner");
  });

  it("runs only the selected assets and checks", async () => {
    fixture.addRun("r1", {
      fields: {
        asset_selection: { __frozenset__: [{ __class__: "AssetKey", path: ["b"] }] },
        asset_check_selection: { __frozenset__: [] },
      },
    });
    const defs = definitions([simple("a"), simple("b", ["a"])], {
      assetChecks: [checkOp("b", "c", async function* () {})],
    });
    const { events } = await runIn(instance, fixture, "r1", defs);
    expect(outline(events).filter((line) => line.startsWith("STEP_START"))).toEqual(["STEP_START:b"]);
  });

  it("materialises each partition of a range, or the ones that are named", async () => {
    fixture.addRun("r1", {
      tags: { "dagster/asset_partition_range_start": "b", "dagster/asset_partition_range_end": "d" },
    });
    const partitionsDef = { kind: "static", keys: ["a", "b", "c", "d", "e"] } as const;
    const whole = op([spec("whole", [], { partitionsDef })], async function* (context) {
      expect(context.partitionKeys).toEqual(["b", "c", "d"]);
      yield made("whole");
    });
    const named = op([spec("named", [], { partitionsDef })], async function* (context) {
      for (const partition of context.partitionKeys)
        if (partition !== "c") yield made("named", { partition });
    });
    const { events } = await runIn(instance, fixture, "r1", definitions([whole, named]));
    const partitions = (step: string) =>
      events
        .filter((event) => event.type === "ASSET_MATERIALIZATION" && event.step === step)
        .map((event) => event.partition);
    expect(partitions("whole")).toEqual(["b", "c", "d"]);
    expect(partitions("named")).toEqual(["b", "d"]);
    expect(dig(events.find((event) => event.type === "STEP_FAILURE")?.data, "error", "message")).toContain(
      "asset named (partition c)",
    );
  });

  it("limits steps to the slots of their pool", async () => {
    fixture.addRun("r1");
    await instance.events.pools.applyDefault("db", 1);
    let busy = 0;
    let most = 0;
    const pooled = (name: string) =>
      op(
        [spec(name)],
        async function* () {
          most = Math.max(most, ++busy);
          await sleep(20);
          busy--;
          yield made(name);
        },
        { pool: "db" },
      );
    const { status, events } = await runIn(instance, fixture, "r1", definitions(["a", "b", "c"].map(pooled)));
    expect(status).toBe("SUCCESS");
    expect(most).toBe(1);
    expect(events.filter((event) => event.message === "Step blocked by limit for pool db")).toHaveLength(2);
    expect(fixture.rows("index", "SELECT * FROM pending_steps")).toEqual([]);
  });

  it("fails with a clear reason when its definitions cannot be loaded", async () => {
    fixture.addRun("r1");
    const { status, events } = await runIn(instance, fixture, "r1", definitions([]), {
      loadDefinitions: async () => {
        throw new Error("defs.yaml is broken");
      },
    });
    expect(status).toBe("FAILURE");
    expect(events.map((event) => event.message)).toContain("Could not load job definition.");
    expect(events.find((event) => event.type === "PIPELINE_FAILURE")?.message).toContain(
      "defs.yaml is broken",
    );
  });
});

describe("a run that another worker began", () => {
  it("goes on with the steps that were not over", async () => {
    fixture.addRun("r1");
    const stop = new AbortController();
    const done: string[] = [];
    const defs = (isCut: boolean) =>
      definitions([
        simple("a"),
        op([spec("b", ["a"])], async function* (context) {
          done.push(`b${context.retryNumber}`);
          if (isCut) throw new Error("the process is gone");
          yield made("b");
        }),
        simple("c", ["b"]),
      ]);
    await runIn(instance, fixture, "r1", defs(true), { signal: stop.signal });
    // As a killed worker leaves it: the step has begun, nothing says how it ended.
    fixture.execute(
      "r1",
      "DELETE FROM event_logs WHERE dagster_event_type IN ('STEP_FAILURE', 'PIPELINE_FAILURE')",
    );
    await instance.runs.setStatus("r1", { status: "STARTED", at: Date.now() / 1000 });
    const { status, events } = await runIn(instance, fixture, "r1", defs(false), { resume: true });
    expect(status).toBe("SUCCESS");
    expect(done).toEqual(["b0", "b1"]);
    const lines = outline(events);
    expect(lines.filter((line) => line === "PIPELINE_START")).toHaveLength(1);
    expect(lines.filter((line) => /^STEP_(START|RESTARTED|SUCCESS)/.test(line))).toEqual([
      "STEP_START:a",
      "STEP_SUCCESS:a",
      "STEP_START:b",
      "STEP_RESTARTED:b",
      "STEP_SUCCESS:b",
      "STEP_START:c",
      "STEP_SUCCESS:c",
    ]);
  });

  it("is not run twice by a cluster that restarts workers", async () => {
    fixture.addRun("r1", { status: "STARTED" });
    const { status, events } = await runIn(instance, fixture, "r1", definitions([simple("a")]));
    expect(status).toBe("FAILURE");
    expect(outline(events)).not.toContain("STEP_START:a");
    expect((await instance.runs.getRun("r1"))?.tags["dagster/failure_reason"]).toBe("RUN_WORKER_RESTART");
  });
});

describe("a canceled run", () => {
  it("interrupts the running step and ends in CANCELED", async () => {
    fixture.addRun("r1");
    const abort = new AbortController();
    let cleaned = false;
    const slow = op([spec("a")], async function* (context) {
      try {
        await sleep(60_000, undefined, { signal: context.signal });
      } finally {
        cleaned = true;
      }
      yield made("a");
    });
    const done = runIn(instance, fixture, "r1", definitions([slow, simple("b", ["a"])]), {
      signal: abort.signal,
    });
    while (!outline(eventsOf(fixture, "r1")).includes("STEP_START:a")) await sleep(5);
    await instance.runs.setStatus("r1", { status: "CANCELING", at: Date.now() / 1000 });
    abort.abort();
    const { status, events } = await done;
    expect(status).toBe("CANCELED");
    expect(cleaned).toBe(true);
    expect(outline(events).slice(-3)).toEqual(["STEP_FAILURE:a", "PIPELINE_CANCELED", "ENGINE_EVENT"]);
    expect(events.find((event) => event.type === "STEP_FAILURE")?.data).toMatchObject({
      error_source: { __enum__: "ErrorSource.INTERRUPT" },
      error: { cls_name: "DagsterExecutionInterruptedError" },
    });
  });

  it("is a failure when nobody asked for it", async () => {
    fixture.addRun("r1");
    const abort = new AbortController();
    const slow = op([spec("a")], async function* (context) {
      abort.abort();
      await sleep(60_000, undefined, { signal: context.signal });
      yield made("a");
    });
    const { status, events } = await runIn(instance, fixture, "r1", definitions([slow]), {
      signal: abort.signal,
    });
    expect(status).toBe("FAILURE");
    expect((await instance.runs.getRun("r1"))?.tags["dagster/failure_reason"]).toBe("UNEXPECTED_TERMINATION");
    expect(outline(events)).toContain("STEP_FAILURE:a");
  });

  it("is not worked on when it was over before it began", async () => {
    fixture.addRun("r1");
    await instance.runs.setStatus("r1", { status: "CANCELED", at: 1 });
    const { status, events } = await runIn(instance, fixture, "r1", definitions([simple("a")]));
    expect(status).toBe("CANCELED");
    expect(outline(events)).toEqual(["ENGINE_EVENT", "ENGINE_EVENT", "ENGINE_EVENT"]);
  });
});

it("sets the tag that the retry daemon acts on", async () => {
  await instance.close();
  fixture.remove();
  fixture = createFixtureInstance({ run_retries: { enabled: true, max_retries: 1 } });
  instance = await openInstance(fixture.ref);
  fixture.addRun("r1");
  fixture.addRun("r2", { tags: { "dagster/root_run_id": "r1" } });
  const failing = definitions([op([spec("a")], async function* () {})]);
  fixture.addRun("r0");
  await runIn(instance, fixture, "r0", failing);
  expect((await instance.runs.getRun("r0"))?.tags["dagster/will_retry"]).toBe("true");
  await runIn(instance, fixture, "r2", failing);
  expect((await instance.runs.getRun("r2"))?.tags["dagster/will_retry"]).toBe("false");
});

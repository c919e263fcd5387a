import { describe, expect, test } from "vitest";
import type { InstanceReader } from "../definitions/instance-reader.ts";
import type { SensorContext, SensorDefinition } from "../definitions/instigators.ts";
import {
  AssetKey,
  asset,
  assetSensor,
  Definitions,
  multiAssetSensor,
  type RunStatusSensorOptions,
  runFailureSensor,
  runStatusSensor,
  staticPartitions,
} from "../index.ts";
import { createRecordingInstance, materialize, type RecordingInstance } from "../testing/index.ts";
import { createInstanceReader } from "../worker/index.ts";

const quiet = { debug() {}, info() {}, warn() {}, error() {} };
const orders = asset({ key: ["shop", "orders"], partitions: staticPartitions(["a", "b", "c"]) }, () => ({
  metadata: { rows: 3, place: "here" },
}));
const broken = asset({ key: "broken" }, () => {
  throw new Error("no such table");
});
const definitions = Definitions.create({ assets: [orders, broken] });

const tick = (sensor: SensorDefinition, instance: InstanceReader, cursor?: string) => {
  const context: SensorContext = {
    sensorName: sensor.name,
    ...(cursor === undefined ? {} : { cursor }),
    log: quiet,
    signal: new AbortController().signal,
    instance,
    resources: {},
  };
  return sensor.evaluate(context);
};

const run = (instance: RecordingInstance, key: string, partition?: string) =>
  materialize(definitions, {
    instance,
    selection: [key],
    ...(partition === undefined ? {} : { partitionKey: partition }),
  });

describe("an asset sensor", () => {
  test("sees the newest materialization once", async () => {
    const instance = createRecordingInstance();
    const reader = createInstanceReader(instance);
    const seen: unknown[] = [];
    const watch = assetSensor(
      { name: "watch", asset: "shop/orders", target: ["broken"] },
      (_context, event) => {
        seen.push([event.partition, event.metadata]);
        return { runKey: String(event.eventId) };
      },
    );
    const nothing = await tick(watch, reader);
    expect(nothing.skipReason).toContain("shop/orders");
    await run(instance, "shop/orders", "a");
    await run(instance, "shop/orders", "b");
    const first = await tick(watch, reader, nothing.cursor);
    expect(seen).toEqual([["b", { rows: 3, place: "here" }]]);
    expect(first.runRequests).toEqual([{ runKey: first.cursor }]);
    expect((await tick(watch, reader, first.cursor)).skipReason).toBeDefined();
  });

  test("keeps its own cursor", async () => {
    const instance = createRecordingInstance();
    await run(instance, "shop/orders", "a");
    const watch = assetSensor({ name: "watch", asset: "shop/orders" }, () => ({ cursor: "7" }));
    await expect(tick(watch, createInstanceReader(instance))).rejects.toThrow("`watch` returned a cursor");
  });
});

describe("a multi-asset sensor", () => {
  test("leaves older partitions behind until they are consumed", async () => {
    const instance = createRecordingInstance();
    const reader = createInstanceReader(instance);
    for (const partition of ["a", "b", "c"]) await run(instance, "shop/orders", partition);
    const seen: (readonly string[])[] = [];
    const watch = multiAssetSensor({ name: "watch", assets: ["shop/orders", "broken"] }, async (context) => {
      const found = await context.latestByPartition("shop/orders");
      seen.push([...found.keys()]);
      const event = found.get("b") ?? [...found.values()].at(0);
      if (event !== undefined) context.consume(event);
    });
    const first = await tick(watch, reader);
    const [a, b] = await reader.materializations({ asset: AssetKey.of("shop", "orders") });
    expect(JSON.parse(first.cursor ?? "")).toEqual({
      "AssetKey(['shop', 'orders'])": ["b", b?.eventId, { a: a?.eventId }],
      "AssetKey(['broken'])": [null, null, {}],
    });
    const second = await tick(watch, reader, first.cursor);
    const third = await tick(watch, reader, second.cursor);
    expect(seen).toEqual([["a", "b", "c"], ["a", "c"], ["c"]]);
    expect((await tick(watch, reader, third.cursor)).cursor).toBeUndefined();
  });

  test("consumes everything at once", async () => {
    const instance = createRecordingInstance();
    const reader = createInstanceReader(instance);
    for (const partition of ["a", "b"]) await run(instance, "shop/orders", partition);
    const counts: number[] = [];
    const watch = multiAssetSensor({ name: "watch", assets: ["shop/orders"] }, async (context) => {
      counts.push((await context.since("shop/orders")).length);
      await context.consumeAll();
    });
    const { cursor } = await tick(watch, reader);
    await tick(watch, reader, cursor);
    expect(counts).toEqual([2, 0]);
  });

  test("refuses assets that it does not watch", async () => {
    const watch = multiAssetSensor({ name: "watch", assets: ["a"] }, async (context) => {
      await context.latest("b");
    });
    await expect(tick(watch, createInstanceReader(createRecordingInstance()))).rejects.toThrow(
      "does not watch",
    );
  });
});

describe("a run-status sensor", () => {
  const statusSensor = (options: Partial<RunStatusSensorOptions>, calls: string[]) =>
    runStatusSensor({ name: "done", status: "SUCCESS", ...options }, ({ run: { runId } }) => {
      calls.push(runId);
    });

  test("begins where the log is and reacts once to each run", async () => {
    const instance = createRecordingInstance();
    const reader = createInstanceReader(instance);
    const calls: string[] = [];
    const done = statusSensor({}, calls);
    const start = await tick(done, reader);
    expect(start.cursor).toBe(
      '{"__class__": "RunStatusSensorCursor", "record_id": -1, "record_timestamp": null, "update_timestamp": null}',
    );
    await run(instance, "shop/orders", "a");
    const next = await tick(done, reader, start.cursor);
    expect(next.runReactions?.map((reaction) => [reaction.run.runId, reaction.status])).toEqual([
      [calls[0], "SUCCESS"],
    ]);
    expect(next.cursor).toMatch(/"record_timestamp": "\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{6})?\+00:00"/);
    expect((await tick(done, reader, next.cursor)).skipReason).toBeDefined();
    expect(calls).toHaveLength(1);
  });

  test("skips runs of other jobs and remembers that it did", async () => {
    const instance = createRecordingInstance();
    const reader = createInstanceReader(instance);
    const calls: string[] = [];
    const done = statusSensor({ monitoredJobs: ["other"] }, calls);
    const { cursor } = await tick(done, reader);
    await run(instance, "shop/orders", "a");
    const next = await tick(done, reader, cursor);
    expect(next.skipReason).toBeDefined();
    expect(next.cursor).not.toBe(cursor);
    expect(calls).toEqual([]);
  });

  test("takes five runs a tick and goes on at the next", async () => {
    const instance = createRecordingInstance();
    const reader = createInstanceReader(instance);
    const calls: string[] = [];
    const done = statusSensor({}, calls);
    const { cursor } = await tick(done, reader);
    for (let i = 0; i < 6; i++) await run(instance, "shop/orders", "a");
    const next = await tick(done, reader, cursor);
    expect(calls).toHaveLength(5);
    await tick(done, reader, next.cursor);
    expect(new Set(calls).size).toBe(6);
  });

  test("tells a failure with the errors of its steps", async () => {
    const instance = createRecordingInstance();
    const reader = createInstanceReader(instance);
    const messages: string[] = [];
    const failed = runFailureSensor({ name: "failed" }, async ({ stepFailures }) => {
      for (const { stepKey, message } of await stepFailures()) messages.push(`${stepKey}: ${message}`);
      throw new Error("the mail server is down");
    });
    const { cursor } = await tick(failed, reader);
    await run(instance, "broken");
    const next = await tick(failed, reader, cursor);
    expect(messages.join()).toMatch(/^broken: /);
    expect(next.runReactions?.[0]?.error).toMatchObject({ message: "the mail server is down" });
    expect((await tick(failed, reader, next.cursor)).runReactions).toBeUndefined();
  });

  test("monitors either jobs or everything", () => {
    expect(() => statusSensor({ monitoredJobs: ["a"], monitorAllCodeLocations: true }, [])).toThrow(
      "choose one",
    );
  });
});

import { AssetKey, AssetSelection, type SensorContext } from "@dagster-rocky/dagster";
import { createInstanceReader, createRecordingInstance } from "@dagster-rocky/dagster/testing";
import { describe, expect, test } from "vitest";
import { decodeDiscover } from "../resource/outputs/discover.ts";
import type { RockyResource } from "../resource/rocky-resource.ts";
import type { RockySourceSensorOptions } from "./options.ts";
import { rockySourceSensor } from "./source-sensor.ts";

const source = (id: string, components: object, lastSyncAt: string | null, ...tables: string[]) => ({
  id,
  components,
  source_type: "fivetran",
  last_sync_at: lastSyncAt,
  tables: tables.map((name) => ({ name })),
});

interface Given {
  readonly sources: readonly object[];
  readonly discover?: object;
  readonly cursor?: unknown;
  readonly partitions?: readonly string[];
  readonly inFlight?: number;
}

async function tick(given: Given, options: Partial<RockySourceSensorOptions> = {}) {
  const output = decodeDiscover({
    version: "1",
    command: "discover",
    sources: given.sources,
    ...given.discover,
  });
  const log: string[] = [];
  const write = (line: string) => void log.push(line);
  const context: SensorContext = {
    sensorName: "s",
    ...(given.cursor === undefined
      ? {}
      : { cursor: typeof given.cursor === "string" ? given.cursor : JSON.stringify(given.cursor) }),
    log: { debug: write, info: write, warn: write, error: write },
    signal: new AbortController().signal,
    instance: {
      ...createInstanceReader(createRecordingInstance()),
      dynamicPartitions: async () => given.partitions ?? [],
      countRuns: async () => given.inFlight ?? 0,
    },
    resources: { rocky: { discover: async () => output } as unknown as RockyResource },
  };
  const sensor = rockySourceSensor({ target: AssetSelection.all(), name: "s", ...options });
  const result = await sensor.evaluate(context);
  return {
    ...result,
    cursor: JSON.parse(result.cursor ?? "{}") as Record<string, string>,
    runs: (result.runRequests ?? []).map((request) => ({
      ...request,
      assetSelection: request.assetSelection?.map((asset) => AssetKey.toUserString(asset as AssetKey)),
    })),
    log,
  };
}

const JAN = "2026-01-01T00:00:00Z";
const FEB = "2026-02-01T00:00:00Z";

describe("one request for each source", () => {
  test("that was never seen, or has synced since", async () => {
    const { runs, cursor } = await tick({
      sources: [
        source("new", { g: "a" }, FEB, "orders", "buyers"),
        source("synced", { g: "b" }, FEB, "orders"),
        source("same", { g: "c" }, JAN, "orders"),
        source("never", { g: "d" }, null, "orders"),
      ],
      cursor: { synced: JAN, same: "2026-01-01T01:00:00+01:00", gone: JAN },
    });
    expect(runs).toEqual([
      {
        runKey: "new-2026-02-01T00:00:00+00:00",
        assetSelection: ["fivetran/a/orders", "fivetran/a/buyers"],
        tags: { "rocky/sensor": "s", "rocky/source_id": "new", "rocky/sync_at": "2026-02-01T00:00:00+00:00" },
      },
      expect.objectContaining({ runKey: "synced-2026-02-01T00:00:00+00:00" }),
    ]);
    expect(cursor).toEqual({ new: FEB, synced: FEB, same: "2026-01-01T01:00:00+01:00", gone: JAN });
  });

  test("a cursor of another program counts as none", async () => {
    expect((await tick({ sources: [source("a", { g: "a" }, JAN, "t")], cursor: "17" })).runs).toHaveLength(1);
  });
});

test("one request for each group, with the newest sync", async () => {
  const { runs } = await tick(
    {
      sources: [
        source("one", { g: "a" }, FEB, "orders"),
        source("two", { g: "a", r: "x" }, JAN, "buyers"),
        source("three", { g: "b" }, JAN, "orders"),
      ],
    },
    { granularity: "per_group" },
  );
  expect(runs.map(({ runKey, assetSelection }) => [runKey, assetSelection])).toEqual([
    ["a-2026-02-01T00:00:00+00:00", ["fivetran/a/orders", "fivetran/a/x/buyers"]],
    ["b-2026-01-01T00:00:00+00:00", ["fivetran/b/orders"]],
  ]);
});

describe("nothing is asked for", () => {
  test("when nothing has synced", async () => {
    const skipped: string[] = [];
    const { runs, skipReason } = await tick(
      { sources: [source("a", { g: "a" }, JAN, "t")], cursor: { a: FEB } },
      { onSkip: ({ reason }) => void skipped.push(reason) },
    );
    expect(runs).toEqual([]);
    expect(skipped).toEqual([skipReason]);
  });

  test("for syncs that the engine started, unless they are wanted", async () => {
    const given = { sources: [source("a", { g: "a" }, JAN, "t")], discover: { sync_trigger: true } };
    expect(await tick(given)).toMatchObject({ runs: [], cursor: { a: JAN } });
    expect((await tick(given, { includeRockyTriggered: true })).runs).toHaveLength(1);
  });
});

test("sources that failed keep their place in the cursor, and are told of", async () => {
  const told: string[] = [];
  const failed = { id: "down", schema: "s", source_type: "fivetran", error_class: "timeout", message: "m" };
  const { cursor, log } = await tick(
    {
      sources: [source("a", { g: "a" }, JAN, "t")],
      discover: { failed_sources: [failed] },
      cursor: { down: JAN },
    },
    {
      onFailedSources: ({ failedSources }) => {
        told.push(...failedSources.map(({ id }) => id));
        throw new Error("pager is down");
      },
    },
  );
  expect(cursor).toEqual({ a: JAN, down: JAN });
  expect(told).toEqual(["down"]);
  expect(log.join()).toContain("pager is down");
});

test("a full backlog holds a sync back and looks at it again", async () => {
  const sources = [source("a", { g: "a" }, JAN, "t"), source("b", { g: "b" }, JAN, "t")];
  const cap = (maxInFlight: number) => ({ backlogCap: { tagKey: "rocky/sensor", maxInFlight } });
  expect(await tick({ sources, inFlight: 2 }, cap(2))).toMatchObject({ runs: [], cursor: {} });
  expect(await tick({ sources, inFlight: 1 }, cap(2))).toMatchObject({
    runs: [{ tags: { "rocky/source_id": "a" } }],
    cursor: { a: JAN },
  });
});

describe("tenants", () => {
  const options = { tenantComponent: "tenant", tenantPartitionsName: "tenants" };
  const sources = [
    source("a", { tenant: "acme", m: "x" }, JAN, "t"),
    source("g", { tenant: "globex", m: "x" }, JAN, "t"),
    source("l", { tenant: ["many"], m: "x" }, JAN, "t"),
  ];

  test("run their own partition, and new ones are added first", async () => {
    const { runs, dynamicPartitionsRequests } = await tick({ sources, partitions: ["acme"] }, options);
    expect(runs.map(({ partitionKey, assetSelection }) => [partitionKey, assetSelection])).toEqual([
      ["acme", ["fivetran/x/t"]],
      ["globex", ["fivetran/x/t"]],
    ]);
    expect(runs[0]?.tags).toMatchObject({ "rocky/tenant": "acme" });
    expect(dynamicPartitionsRequests).toEqual([{ partitionsDefName: "tenants", add: ["globex"] }]);
  });

  test("that may not be added wait", async () => {
    const { runs, cursor } = await tick(
      { sources, partitions: ["acme"] },
      { ...options, syncPartitionsFromDiscover: false },
    );
    expect(runs.map(({ partitionKey }) => partitionKey)).toEqual(["acme"]);
    expect(cursor).not.toHaveProperty("g");
  });

  test("need both options", () => {
    expect(() => rockySourceSensor({ target: AssetSelection.all(), tenantComponent: "t" })).toThrow(
      TypeError,
    );
  });
});

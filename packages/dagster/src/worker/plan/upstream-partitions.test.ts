import { describe, expect, it } from "vitest";
import {
  dailyPartitions,
  hourlyPartitions,
  monthlyPartitions,
  staticPartitions,
  weeklyPartitions,
} from "../../definitions/partition-factories.ts";
import type { PartitionMapping, PartitionsDefinition } from "../../definitions/partitions.ts";
import { upstreamPartitions } from "./upstream-partitions.ts";

const context = { now: Date.UTC(2026, 5, 15) / 1000, dynamicKeys: () => ["x", "y"] };
const read = (
  upstream: PartitionsDefinition,
  downstream: PartitionsDefinition | undefined,
  keys: readonly string[] | undefined,
  mapping?: PartitionMapping,
) => upstreamPartitions({ mapping, upstream, downstream, keys }, context);

const daily = dailyPartitions({ start: "2026-01-01" });
const letters = staticPartitions(["a", "b", "c"]);

describe("partitions of an upstream asset", () => {
  it("are the same keys for the same definition, and all keys for an unpartitioned reader", () => {
    expect(read(letters, letters, ["b"])).toEqual(["b"]);
    expect(read(letters, undefined, undefined)).toEqual(["a", "b", "c"]);
    expect(read({ kind: "dynamic", name: "d" }, undefined, undefined)).toEqual(["x", "y"]);
  });

  it("are the windows that overlap, in finer and coarser calendars", () => {
    expect(read(daily, daily, ["2026-02-01", "2026-02-02"])).toEqual(["2026-02-01", "2026-02-02"]);
    expect(read(hourlyPartitions({ start: "2026-01-01-00:00" }), daily, ["2026-02-01"])).toHaveLength(24);
    expect(read(daily, hourlyPartitions({ start: "2026-01-01-00:00" }), ["2026-02-01-05:00"])).toEqual([
      "2026-02-01",
    ]);
    const months = monthlyPartitions({ start: "2026-01-01" });
    expect(read(months, weeklyPartitions({ start: "2026-01-04" }), ["2026-01-25"])).toEqual(["2026-01-01"]);
    expect(read(months, weeklyPartitions({ start: "2026-01-04" }), ["2026-03-29"])).toEqual([
      "2026-03-01",
      "2026-04-01",
    ]);
  });

  it("are moved by the offsets of a window mapping", () => {
    const mapping = {
      kind: "timeWindow",
      startOffset: -2,
      endOffset: -1,
      allowNonexistentUpstream: true,
    } as const;
    expect(read(daily, daily, ["2026-02-03"], mapping)).toEqual(["2026-02-01", "2026-02-02"]);
    expect(read(daily, daily, ["2026-01-01"], mapping)).toEqual([]);
  });

  it("follow explicit mappings", () => {
    expect(read(letters, letters, ["a"], { kind: "last" })).toEqual(["c"]);
    expect(read(letters, letters, ["a"], { kind: "specific", keys: ["b"] })).toEqual(["b"]);
    const downstreamByUpstream = { a: ["x"], b: ["x", "y"], c: [] };
    expect(
      read(letters, staticPartitions(["x", "y"]), ["y"], { kind: "static", downstreamByUpstream }),
    ).toEqual(["b"]);
  });

  it("go through the dimension that both sides share", () => {
    const grid = {
      kind: "multi",
      dimensions: { letter: letters, size: staticPartitions(["1", "2"]) },
    } as const;
    expect(read(grid, letters, ["b"])).toEqual(["b|1", "b|2"]);
    expect(read(letters, grid, ["c|1", "c|2"])).toEqual(["c"]);
    const dimensions = { letter: { dimension: "letter", mapping: { kind: "identity" } } } as const;
    expect(read(grid, grid, ["a|1"], { kind: "multi", dimensions })).toEqual(["a|1", "a|2"]);
  });
});

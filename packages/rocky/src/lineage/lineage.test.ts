import { describe, expect, it } from "vitest";
import { lineageDot } from "./dot.ts";
import type { LineageEdge } from "./edge.ts";
import { consumersOf, lineageGraph, traceColumn } from "./trace.ts";

const edge = (from: string, to: string, transform = "direct"): LineageEdge => {
  const [sourceModel = "", sourceColumn = ""] = from.split(":");
  const [targetModel = "", targetColumn = ""] = to.split(":");
  return {
    source: { model: sourceModel, column: sourceColumn },
    target: { model: targetModel, column: targetColumn },
    transform,
  };
};

const EDGES = [
  edge("raw.x:id", "a:id"),
  edge("a:id", "b:id"),
  edge("a:id", "c:key", "cast"),
  edge("b:id", "d:id"),
];

describe("traceColumn", () => {
  it("goes up to the sources and down to the readers", () => {
    const graph = lineageGraph(EDGES);
    expect(
      traceColumn(graph, { model: "d", column: "id" }, "upstream").map((found) => found.source.model),
    ).toEqual(["b", "a", "raw.x"]);
    expect(traceColumn(graph, { model: "nobody", column: "x" }, "upstream")).toEqual([]);
    expect(consumersOf(graph, { model: "a", column: "id" })).toEqual([
      { model: "b", column: "id" },
      { model: "c", column: "key" },
      { model: "d", column: "id" },
    ]);
  });

  it("ends in a circle", () => {
    const graph = lineageGraph([edge("a:x", "b:x"), edge("b:x", "a:x")]);
    expect(traceColumn(graph, { model: "a", column: "x" }, "downstream")).toHaveLength(2);
  });
});

describe("lineageDot", () => {
  it("draws columns grouped by model and names transforms", () => {
    const dot = lineageDot([edge('we"ird:id', "b:id", "aggregation: sum")]);
    expect(dot).toContain('"we\\"ird.id" -> "b.id" [label="aggregation: sum"];');
    expect(dot).toContain('label="b";');
    expect(dot.startsWith("digraph lineage {")).toBe(true);
  });
});

import { AssetKey } from "@dagster-rocky/dagster";
import { expect, test } from "vitest";
import { buildColumnLineage } from "./build-column-lineage.ts";
import { type LineageSource, projectLineage } from "./column-lineage.ts";

const edge = (from: string, to: string) => {
  const [model = "", column = ""] = from.split(":");
  const [targetModel = "", targetColumn = ""] = to.split(":");
  return {
    source: { model, column },
    target: { model: targetModel, column: targetColumn },
    transform: "direct",
  };
};
const keys: Record<string, LineageSource> = {
  a: AssetKey.of("c", "a"),
  b: AssetKey.of("c", "b"),
  hidden: "ephemeral",
  hidden2: "ephemeral",
};
const lineage = (...edges: ReturnType<typeof edge>[]) => {
  const project = projectLineage(edges, (name) => keys[name]);
  return (model: string) =>
    Object.fromEntries(
      Object.entries(project.of(model)).map(([column, deps]) => [
        column,
        deps.map((dep) => `${AssetKey.toUserString(dep.assetKey)}:${dep.columnName}`),
      ]),
    );
};

test("only edges that lead to a model are its lineage", () => {
  const of = lineage(edge("a:x", "b:y"), edge("b:y", "c:z"), edge("b:y", "b:y"));
  expect(of("b")).toEqual({ y: ["c/a:x"] });
  expect(of("a")).toEqual({});
});

test("tables outside the project are left out, repeated columns are named once", () => {
  const of = lineage(
    edge("raw.t:x", "b:y"),
    edge("a:x", "b:y"),
    edge("a:x", "b:y"),
    edge("raw.t:x", "b:only"),
  );
  expect(of("b")).toEqual({ y: ["c/a:x"] });
});

test("ephemeral models are looked through column by column, also one behind the other", () => {
  const of = lineage(
    edge("a:x", "hidden:h"),
    edge("a:other", "hidden:unused"),
    edge("hidden:h", "hidden2:hh"),
    edge("b:q", "hidden2:hh"),
    edge("hidden2:hh", "c:z"),
  );
  expect(of("c")).toEqual({ z: ["c/a:x", "c/b:q"] });
});

test("ephemeral models that read each other end", () => {
  const of = lineage(edge("hidden:h", "hidden2:h"), edge("hidden2:h", "hidden:h"), edge("hidden:h", "c:z"));
  expect(of("c")).toEqual({});
});

test("a column called like something every object has is a column", () => {
  expect(lineage(edge("a:constructor", "b:toString"))("b")).toEqual({ toString: ["c/a:constructor"] });
});

test("the helper names single segments unless it is told better", () => {
  const output = {
    model: "b",
    upstream: [],
    downstream: [],
    edges: [edge("a:x", "b:y"), edge("b:y", "c:z")],
  };
  expect(buildColumnLineage(output)).toEqual({ y: [{ assetKey: AssetKey.of("a"), columnName: "x" }] });
  expect(buildColumnLineage(output, () => undefined)).toEqual({});
});

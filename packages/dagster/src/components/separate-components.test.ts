import { expect, test } from "vitest";
import type { AssetsDefinition } from "../definitions/assets.ts";
import type { Definitions } from "../definitions/definitions.ts";
import { separateComponents } from "./separate-components.ts";

const part = (value: string, said: string[] = []): Definitions => {
  const assets: AssetsDefinition = {
    kind: "assets",
    opName: "copy",
    specs: [],
    checkSpecs: [],
    executionType: "materialization",
    canSubset: true,
    opTags: {},
    requiredResourceKeys: ["engine"],
    compute: (context) => {
      said.push(String(context.resources.engine));
      return noEvents();
    },
  };
  return {
    assets: [assets],
    assetChecks: [],
    jobs: [],
    schedules: [],
    sensors: [],
    resources: { engine: { create: () => value } },
    metadata: {},
  };
};

const noEvents = async function* () {
  yield* [];
};

test("the second of two equal keys gets its own, and its op still finds it", async () => {
  const said: string[] = [];
  const [first, second] = separateComponents([part("a"), part("b", said)]);
  expect(Object.keys(first?.resources ?? {})).toEqual(["engine"]);
  expect(Object.keys(second?.resources ?? {})).toEqual(["engine_2"]);
  const [op] = second?.assets ?? [];
  if (op?.kind !== "assets") throw new Error("no op");
  expect(op.requiredResourceKeys).toEqual(["engine_2"]);
  op.compute({ resources: { engine: "a", engine_2: "b" } } as never);
  expect(said).toEqual(["b"]);
});

test("the second of two equal op names gets its own", () => {
  const names = separateComponents([part("a"), part("b"), part("c")]).flatMap(({ assets }) =>
    assets.map((asset) => (asset.kind === "assets" ? asset.opName : "")),
  );
  expect(names).toEqual(["copy", "copy_2", "copy_3"]);
});

test("one object under one key is shared", () => {
  const one = part("a");
  const [, second] = separateComponents([one, { ...part("b"), resources: one.resources }]);
  expect(Object.keys(second?.resources ?? {})).toEqual(["engine"]);
});

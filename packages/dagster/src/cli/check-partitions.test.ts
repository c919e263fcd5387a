import { expect, test } from "vitest";
import { asset } from "../definitions/asset.ts";
import { Definitions } from "../definitions/define.ts";
import { dailyPartitions, dynamicPartitions, staticPartitions } from "../definitions/partition-factories.ts";
import type { PartitionsDefinition } from "../definitions/partitions.ts";
import { compileRepository } from "../planning/index.ts";
import { checkPartitions } from "./check-partitions.ts";

const now = Date.parse("2026-03-04T12:00:00Z") / 1000;
const check = (partitions: PartitionsDefinition | undefined, ...keys: string[]) => {
  const made = asset({ key: "a", ...(partitions === undefined ? {} : { partitions }) }, () => undefined);
  const { assetGraph } = compileRepository(Definitions.create({ assets: [made] }));
  checkPartitions(assetGraph.assets, keys, now);
};

test("keys that are there, and keys that only an instance could know, pass", () => {
  check(dailyPartitions({ start: "2026-03-01" }), "2026-03-01", "2026-03-03");
  check(dynamicPartitions("tenants"), "anything");
  check(undefined, "anything");
});

test("a day that is not over, and a name that is not listed, are refused with what there is", () => {
  expect(() => check(dailyPartitions({ start: "2026-03-01" }), "2026-03-04")).toThrow(
    'asset a has no partition "2026-03-04"; they go from 2026-03-01 to 2026-03-03',
  );
  expect(() => check(staticPartitions(["eu", "us"]), "uk")).toThrow("from eu to us");
});

import { AssetKey } from "@dagster-rocky/dagster";
import { expect, test } from "vitest";
import { loadContext } from "../../test-support/load-context.ts";
import type { ModelDetail } from "../../translator/inputs.ts";
import type { BuildContext } from "./build-context.ts";
import type { DerivedBucket } from "./derived-buckets.ts";
import { derivedOrder } from "./derived-order.ts";

const model = (name: string) => ({ name }) as ModelDetail;
const bucket = (opName: string, grain: "day" | "hour" | undefined, ...names: string[]): DerivedBucket => ({
  opName,
  ...(grain ? { grain } : {}),
  models: names.map(model),
});

function order(buckets: readonly DerivedBucket[], upstream: Record<string, readonly string[]>) {
  const graph = {
    keyOf: (name: string) => AssetKey.of(name),
    upstreamOf: (name: string) => upstream[name] ?? [],
    lineageOf: () => undefined,
  };
  return derivedOrder(buckets, graph, { log: loadContext("/").log } as unknown as BuildContext);
}

test("a partitioned model between two others: its op goes first and builds what it reads", () => {
  const daily = bucket("daily", "day", "per_day");
  const rest = bucket("rest", undefined, "raw", "stage", "top");
  const chosen = order([rest, daily], { stage: ["raw"], per_day: ["stage"], top: ["per_day", "raw"] });
  expect(chosen.depsOf(model("per_day"))).toEqual([]);
  expect(chosen.depsOf(model("top"))).toEqual(["per_day", "raw"]);
  expect([...chosen.builtHere(daily)]).toEqual([
    ["stage", "ahead"],
    ["raw", "ahead"],
  ]);
  expect([...chosen.builtHere(rest)]).toEqual([["per_day", "ifMissing"]]);
});

test("ops that follow each other build nothing of each other but other partitions", () => {
  const rest = bucket("rest", undefined, "raw");
  const daily = bucket("daily", "day", "per_day");
  const hourly = bucket("hourly", "hour", "per_hour");
  const chosen = order([rest, daily, hourly], { per_hour: ["raw"], per_day: ["per_hour", "raw"] });
  expect(chosen.depsOf(model("per_day"))).toEqual(["per_hour", "raw"]);
  expect([...chosen.builtHere(rest)]).toEqual([]);
  expect([...chosen.builtHere(hourly)]).toEqual([]);
  expect([...chosen.builtHere(daily)]).toEqual([["per_hour", "ifMissing"]]);
});

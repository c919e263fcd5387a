import { AssetCheckKey, AssetKey } from "../../../packages/dagster/src/index.ts";

interface Selection {
  readonly assets: readonly AssetKey[];
  readonly checks: readonly AssetCheckKey[] | undefined;
}
const select = (assets: readonly string[], checks?: readonly (readonly [string, string])[]): Selection => ({
  assets: assets.map(AssetKey.from),
  checks: checks?.map(([key, name]) => AssetCheckKey.of(key, name)),
});

/** Parts of the asset job that are cut and planned on both sides. */
export const subsets: Readonly<Record<string, Readonly<Record<string, Selection>>>> = {
  basic: {
    two: select(["raw_orders", "orders"]),
    orders: select(["orders"]),
    no_checks: select(["orders", "mart/revenue"], []),
    check_only: select([], [["orders", "total_positive"]]),
    check_apart: select(["mart/revenue"], [["orders", "total_positive"]]),
    unknown: select(["nope"]),
    outside: select(["elsewhere"]),
  },
  shapes: {
    m1: select(["m1"]),
    m2: select(["m2"], []),
    chain: select(["m1", "m2", "deep/m-3.x"]),
    ends: select(["m1", "deep/m-3.x"]),
    downstream: select(["m2", "t1", "t2"]),
    half_together: select(["t2"]),
    inline_without_check: select(["down"], []),
    checks: select(
      [],
      [
        ["down", "c1"],
        ["down", "auto_check"],
      ],
    ),
    observe: select(["obs_src", "down"]),
    partitions: select(["a_daily", "a_tw", "a_dyn"]),
  },
  interleaved: {
    split: select(["l1", "r1", "l2", "r2", "l3"]),
    ends: select(["l1", "l3"]),
    outer: select(["l1", "l2", "r1"]),
    unblocked: select(["l1", "l2", "r1", "r2"], []),
    right: select(["r1", "r2", "r3"]),
    over: select(
      ["l4"],
      [
        ["r2", "o2"],
        ["l4", "k"],
      ],
    ),
  },
  automation: {},
  config: {},
  mappings: {},
  resources: { light: select(["light"]) },
};

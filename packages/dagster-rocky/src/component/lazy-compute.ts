import type { AssetCompute } from "@dagster-rocky/dagster";
import type { DispatchSettings } from "../dispatch/compute.ts";
import type { DispatchPlan } from "../dispatch/plans.ts";

/** The op body for a plan. What runs it is a third of the package, and loads of definitions never run anything. */
export const lazyCompute = (plan: () => DispatchPlan, settings: DispatchSettings): AssetCompute => {
  let known: DispatchPlan | undefined;
  return async function* (context) {
    const { createCompute } = await import("../dispatch/compute.ts");
    known ??= plan();
    yield* createCompute(known, settings)(context);
  };
};

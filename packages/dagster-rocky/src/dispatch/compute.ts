import type { AssetCompute } from "@dagster-rocky/dagster";
import type { RockyComponentOptions } from "../component/options.ts";
import { dispatchDagGroup } from "./dag-group.ts";
import { dispatchDerivedGroup } from "./derived-group.ts";
import type { DispatchPlan } from "./plans.ts";
import { dispatchSourceGroup } from "./source-group.ts";
import { dispatchTenant } from "./tenant.ts";

/** What op bodies need besides their plan. */
export interface DispatchSettings
  extends Pick<
    RockyComponentOptions,
    "executionMode" | "satisfyEmptyOutputs" | "surfaceCompliance" | "surfaceRetentionStatus"
  > {
  /** Under which key the op finds its `RockyResource`. */
  readonly resourceKey: string;
}

/** The op body for a plan. The op must require `settings.resourceKey`. */
export const createCompute =
  (plan: DispatchPlan, settings: DispatchSettings): AssetCompute =>
  (context) => {
    switch (plan.kind) {
      case "sourceGroup":
        return dispatchSourceGroup(plan, settings, context);
      case "tenant":
        return dispatchTenant(plan, settings, context);
      case "derivedGroup":
        return dispatchDerivedGroup(plan, settings, context);
      case "dagGroup":
        return dispatchDagGroup(plan, settings, context);
      default:
        return unknownPlan(plan);
    }
  };

const unknownPlan = (plan: never): never => {
  throw new Error(`unknown dispatch plan ${JSON.stringify(plan)}`);
};

import type { AssetExecutionContext } from "@dagster-rocky/dagster";
import { modelOutcome } from "../events/model-outcome.ts";
import type { RunReport } from "../resource/index.ts";
import { refusesSingleModels } from "./all-models.ts";
import type { NodeResult } from "./in-order.ts";
import type { OpRuntime } from "./op-runtime.ts";
import { partitionOptions } from "./partition-options.ts";
import type { DagNodePlan, Grain } from "./plans.ts";

/** Builds one model, for the partitions of the run; `allModels` stands in where an engine refuses to. */
export const runModel = async (
  model: Pick<DagNodePlan, "key" | "target" | "pipeline" | "columnLineage"> & { readonly name: string },
  grain: Grain | undefined,
  context: AssetExecutionContext,
  { resource, call }: OpRuntime,
  allModels?: () => Promise<RunReport>,
): Promise<NodeResult> => {
  const { name, pipeline } = model;
  let isOneOfSeveral = false;
  const options = {
    model: name,
    ...(pipeline === undefined ? {} : { pipeline }),
    ...partitionOptions(context, grain),
  };
  const report = await resource.runModel(options, call).catch((error: unknown) => {
    if (allModels === undefined || !refusesSingleModels(error)) throw error;
    isOneOfSeveral = true;
    return allModels();
  });
  for (const warning of report.run.schedulingWarnings) context.log.warn(`rocky: ${warning}`);
  return modelOutcome(report, {
    key: model.key,
    name,
    isOneOfSeveral,
    partitions: grain === undefined ? [] : context.partitionKeys,
    ...(model.target === undefined ? {} : { target: model.target }),
    ...(model.columnLineage === undefined ? {} : { columnLineage: model.columnLineage }),
    ...(grain === undefined ? {} : { grain }),
  });
};

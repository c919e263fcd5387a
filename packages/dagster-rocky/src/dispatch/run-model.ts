import type { AssetExecutionContext } from "@dagster-rocky/dagster";
import { modelOutcome } from "../events/model-outcome.ts";
import type { NodeResult } from "./in-order.ts";
import type { OpRuntime } from "./op-runtime.ts";
import { partitionOptions } from "./partition-options.ts";
import type { DagNodePlan, Grain } from "./plans.ts";

/** Builds one model, for the partitions of the run. */
export const runModel = async (
  model: Pick<DagNodePlan, "key" | "target" | "pipeline"> & { readonly name: string },
  grain: Grain | undefined,
  context: AssetExecutionContext,
  { resource, call }: OpRuntime,
): Promise<NodeResult> => {
  const { name, pipeline } = model;
  const report = await resource.runModel(
    { model: name, ...(pipeline === undefined ? {} : { pipeline }), ...partitionOptions(context, grain) },
    call,
  );
  for (const warning of report.run.schedulingWarnings) context.log.warn(`rocky: ${warning}`);
  return modelOutcome(report, {
    key: model.key,
    name,
    partitions: grain === undefined ? [] : context.partitionKeys,
    ...(model.target === undefined ? {} : { target: model.target }),
    ...(grain === undefined ? {} : { grain }),
  });
};

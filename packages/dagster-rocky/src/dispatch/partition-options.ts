import type { AssetExecutionContext } from "@dagster-rocky/dagster";
import { dagsterToRockyPartitionKey } from "../partitions/keys.ts";
import type { Grain } from "./plans.ts";

/** The run's partitions as the engine wants them: one key, or the ends of a range. */
export const partitionOptions = (
  context: AssetExecutionContext,
  grain: Grain | undefined,
): { readonly partition?: string; readonly partitionFrom?: string; readonly partitionTo?: string } => {
  const keys = context.partitionKeys;
  const [first] = keys;
  const last = keys.at(-1);
  if (grain === undefined || first === undefined || last === undefined) return {};
  if (keys.length === 1) return { partition: dagsterToRockyPartitionKey(grain, first) };
  return {
    partitionFrom: dagsterToRockyPartitionKey(grain, first),
    partitionTo: dagsterToRockyPartitionKey(grain, last),
  };
};

import type { TimeWindowPartitionsDefinition } from "@dagster-rocky/dagster";
import type { Grain } from "../../dispatch/plans.ts";
import { partitionsDefForModelDetail } from "../../partitions/definitions.ts";
import { grainOf } from "../../partitions/grain.ts";
import type { ModelDetail } from "../../translator/inputs.ts";
import type { BuildContext } from "./build-context.ts";
import type { ModelGraph } from "./model-graph.ts";
import { uniqueNames } from "./names.ts";

export interface DerivedBucket {
  readonly opName: string;
  readonly grain?: Grain;
  readonly partitionsDef?: TimeWindowPartitionsDefinition;
  readonly models: readonly ModelDetail[];
}

const SUFFIX: Readonly<Record<Grain, string>> = {
  hour: "hourly",
  day: "daily",
  month: "monthly",
  year: "timewindow",
};

/** Models of one partition set share an op; models whose first partitions differ cannot. */
export function derivedBuckets(
  shown: ReadonlyMap<string, ModelDetail>,
  graph: ModelGraph,
  context: BuildContext,
): readonly DerivedBucket[] {
  const unique = uniqueNames();
  const buckets = new Map<string, DerivedBucket & { readonly models: ModelDetail[] }>();
  for (const model of shown.values()) {
    const partitionsDef = partitionsOf(model, graph, context);
    const grain = partitionsDef && grainOf(model.strategy.granularity ?? "");
    const id = partitionsDef ? `${grain}@${partitionsDef.start}` : "";
    let bucket = buckets.get(id);
    if (!bucket) {
      bucket = {
        opName: unique(`rocky_models_${grain ? SUFFIX[grain] : "unpartitioned"}`),
        ...(grain ? { grain } : {}),
        ...(partitionsDef ? { partitionsDef } : {}),
        models: [],
      };
      buckets.set(id, bucket);
    }
    bucket.models.push(model);
  }
  return [...buckets.values()];
}

/** A first partition that cannot be read costs the model its partitions' beginning, not the location. */
function partitionsOf(
  model: ModelDetail,
  graph: ModelGraph,
  context: BuildContext,
): TimeWindowPartitionsDefinition | undefined {
  try {
    return partitionsDefForModelDetail(model);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    context.problems.add(
      `Model ${model.name}: first_partition ${reason}. Its partitions begin at the default instead.`,
      graph.keyOf(model.name),
    );
    return partitionsDefForModelDetail({
      ...model,
      strategy: { ...model.strategy, firstPartition: undefined },
    });
  }
}

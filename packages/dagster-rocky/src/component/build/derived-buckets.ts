import type { TimeWindowPartitionsDefinition } from "@dagster-rocky/dagster";
import type { Grain } from "../../dispatch/plans.ts";
import { partitionsDefForModelDetail } from "../../partitions/definitions.ts";
import { grainOf } from "../../partitions/grain.ts";
import type { ModelDetail } from "../../translator/inputs.ts";
import type { BuildContext } from "./build-context.ts";
import type { ModelGraph } from "./model-graph.ts";
import { uniqueNames } from "./names.ts";
import { opOrder } from "./op-order.ts";

export interface DerivedBucket {
  readonly opName: string;
  readonly grain?: Grain;
  readonly partitionsDef?: TimeWindowPartitionsDefinition;
  readonly models: readonly ModelDetail[];
}

export interface DerivedBuckets {
  readonly list: readonly DerivedBucket[];
  readonly opOf: ReadonlyMap<string, string>;
  /** Upstream models that the asset can be made to wait for. */
  depsOf(model: ModelDetail): readonly string[];
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
): DerivedBuckets {
  const unique = uniqueNames();
  const buckets = new Map<string, DerivedBucket & { readonly models: ModelDetail[] }>();
  const opOf = new Map<string, string>();
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
    opOf.set(model.name, bucket.opName);
  }
  const list = [...buckets.values()];
  return { list, opOf, depsOf: orderedDeps(list, opOf, graph, context) };
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
    const { firstPartition: _unreadable, ...strategy } = model.strategy;
    return partitionsDefForModelDetail({ ...model, strategy: { ...strategy, firstPartition: undefined } });
  }
}

/**
 * Ops are made as a whole, so that a partitioned model between two unpartitioned ones would have its op
 * wait for itself. Then the side that waits for partitions is kept: the partitioned op's engine call
 * refreshes what it reads, an unpartitioned one cannot know which partition is meant.
 */
function orderedDeps(
  buckets: readonly DerivedBucket[],
  opOf: ReadonlyMap<string, string>,
  graph: ModelGraph,
  context: BuildContext,
): (model: ModelDetail) => readonly string[] {
  if (buckets.length < 2) return (model) => graph.upstreamOf(model.name);
  const partitioned = new Set(buckets.filter((bucket) => bucket.grain).map((bucket) => bucket.opName));
  const pairs = new Map<string, readonly [string, string]>();
  for (const [name, op] of opOf) {
    for (const upstream of graph.upstreamOf(name)) {
      const other = opOf.get(upstream);
      if (other !== undefined && other !== op) pairs.set(`${other} ${op}`, [other, op]);
    }
  }
  const rank = ([up, down]: readonly [string, string]) =>
    partitioned.has(up) && !partitioned.has(down) ? 0 : 1;
  const order = opOrder([...pairs.values()].sort((a, b) => rank(a) - rank(b)));
  return (model) => {
    const op = opOf.get(model.name) ?? "";
    return graph.upstreamOf(model.name).filter((upstream) => {
      if (order.allows(opOf.get(upstream) ?? "", op)) return true;
      context.log.info(
        `${model.name} reads ${upstream}, but their ops ${op} and ${opOf.get(upstream)} depend on each other ` +
          `the other way as well; the dependency is not shown.`,
      );
      return false;
    });
  };
}

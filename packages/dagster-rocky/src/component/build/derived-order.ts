import type { ModelDetail } from "../../translator/inputs.ts";
import type { BuildContext } from "./build-context.ts";
import type { DerivedBucket } from "./derived-buckets.ts";
import type { ModelGraph } from "./model-graph.ts";
import { type OpOrder, opOrder } from "./op-order.ts";

/** How models of several ops follow each other. */
export interface DerivedOrder {
  /** Upstream models that the asset can be made to wait for. */
  depsOf(model: ModelDetail): readonly string[];
  /** Models of other ops that this op may have to build itself, and when. */
  builtHere(bucket: DerivedBucket): ReadonlyMap<string, "ahead" | "ifMissing">;
}

/**
 * Ops are made as a whole, so that a partitioned model between two unpartitioned ones would have its op
 * wait for itself. Then the partitioned op goes first and builds what it reads: it knows which partition
 * is meant, which an unpartitioned op does not.
 */
export function derivedOrder(
  buckets: readonly DerivedBucket[],
  graph: ModelGraph,
  context: BuildContext,
): DerivedOrder {
  if (buckets.length < 2)
    return { depsOf: (model) => graph.upstreamOf(model.name), builtHere: () => new Map() };
  const bucketOf = new Map(buckets.flatMap((bucket) => bucket.models.map((model) => [model.name, bucket])));
  const opOf = (name: string): string => bucketOf.get(name)?.opName ?? "";
  const order = chooseOrder(buckets, opOf, graph);

  return {
    depsOf: (model) =>
      graph.upstreamOf(model.name).filter((upstream) => {
        if (order.allows(opOf(upstream), opOf(model.name))) return true;
        context.log.info(
          `${model.name} reads ${upstream}, whose op ${opOf(upstream)} waits for ${opOf(model.name)}: ` +
            `the dependency is not shown, and a run of ${opOf(model.name)} builds ${upstream} too.`,
        );
        return false;
      }),
    builtHere(bucket) {
      const found = new Map<string, "ahead" | "ifMissing">();
      const open = bucket.models.map((model) => model.name);
      for (let name = open.pop(); name !== undefined; name = open.pop()) {
        for (const upstream of graph.upstreamOf(name)) {
          const other = bucketOf.get(upstream);
          if (!other || other === bucket || found.has(upstream)) continue;
          const when = whenBuilt(other, bucket, order);
          if (!when) continue;
          found.set(upstream, when);
          open.push(upstream);
        }
      }
      return found;
    },
  };
}

/** A run has one partition set: an op with another one is never in the same run. */
function whenBuilt(
  other: DerivedBucket,
  bucket: DerivedBucket,
  order: OpOrder,
): "ahead" | "ifMissing" | undefined {
  if (other.grain !== undefined) return "ifMissing";
  return order.precedes(other.opName, bucket.opName) ? undefined : "ahead";
}

function chooseOrder(
  buckets: readonly DerivedBucket[],
  opOf: (name: string) => string,
  graph: ModelGraph,
): OpOrder {
  const partitioned = new Set(buckets.flatMap((bucket) => (bucket.grain ? [bucket.opName] : [])));
  const pairs = new Map<string, readonly [string, string]>();
  for (const { name } of buckets.flatMap((bucket) => bucket.models)) {
    for (const upstream of graph.upstreamOf(name)) {
      const [from, to] = [opOf(upstream), opOf(name)];
      if (from !== to) pairs.set(`${from} ${to}`, [from, to]);
    }
  }
  const rank = ([up, down]: readonly [string, string]) =>
    partitioned.has(up) && !partitioned.has(down) ? 0 : 1;
  return opOrder([...pairs.values()].sort((a, b) => rank(a) - rank(b)));
}

import { AssetEvent, type AssetExecutionContext } from "@dagster-rocky/dagster";
import type { DiscoverOutput } from "../resource/outputs/discover.ts";
import type { NodeResult } from "./in-order.ts";
import type { OpRuntime } from "./op-runtime.ts";
import type { DagNodePlan } from "./plans.ts";

const MOST_TABLES = 200;

/** What the engine sees in a pipeline's source right now. */
export const discoverNode = (
  { pipeline }: DagNodePlan,
  { resource, call }: OpRuntime,
): Promise<DiscoverOutput> => resource.discover(pipeline === undefined ? {} : { pipeline }, call);

/**
 * A source node is about data that others write: it is checked, not copied. The load node of the pipeline
 * copies, so that nothing is copied twice.
 */
export const sourceNode = async (
  node: DagNodePlan,
  context: AssetExecutionContext,
  runtime: OpRuntime,
): Promise<NodeResult> => {
  const startedAt = performance.now();
  const found = await discoverNode(node, runtime);
  const failed = found.failedSources;
  if (failed.length > 0) {
    const reasons = failed.map(({ id, errorClass, message }) => `${id} (${errorClass}): ${message}`);
    return { events: [], failure: { reason: `sources could not be read: ${reasons.join("; ")}` } };
  }
  if (found.sources.length === 0)
    context.log.warn(`${node.label}: no source matches the pipeline's schema pattern`);
  const tables = found.sources.flatMap((source) =>
    source.tables.map((table) => `${source.id}.${table.name}`),
  );
  return {
    events: [
      AssetEvent.materialize({
        assetKey: node.key,
        description: `Checked: ${found.sources.length} sources with ${tables.length} tables are there`,
        metadata: {
          "rocky/action": "discovered; the load node of this pipeline copies",
          "rocky/source_count": found.sources.length,
          "rocky/table_count": tables.length,
          "rocky/tables": tables.slice(0, MOST_TABLES),
          ...(found.excludedTables.length === 0
            ? {}
            : {
                "rocky/excluded_tables": found.excludedTables.map(
                  ({ tableName, reason }) => `${tableName}: ${reason}`,
                ),
              }),
          "dagster/duration_ms": Math.round(performance.now() - startedAt),
        },
      }),
    ],
  };
};

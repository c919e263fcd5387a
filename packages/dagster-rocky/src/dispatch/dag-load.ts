import type { AssetExecutionContext } from "@dagster-rocky/dagster";
import { filesLoaded, type LoadedTables, tablesLoaded } from "../events/load-outcome.ts";
import type { DiscoveredSource } from "../resource/outputs/discover.ts";
import type { RunReport } from "../resource/plan-then-apply.ts";
import { discoverNode } from "./dag-source.ts";
import type { NodeResult } from "./in-order.ts";
import type { OpRuntime } from "./op-runtime.ts";
import type { DagNodePlan } from "./plans.ts";

/** By the first component that has one value, else by id. Sources that share it are copied by one call. */
const sourceFilter = ({ id, components }: DiscoveredSource): string => {
  const single = Object.entries(components).find(([, value]) => typeof value === "string");
  return single === undefined ? `id=${id}` : `${single[0]}=${single[1]}`;
};

const copySources = async (
  node: DagNodePlan,
  context: AssetExecutionContext,
  runtime: OpRuntime,
): Promise<NodeResult> => {
  const { resource, call } = runtime;
  const found = await discoverNode(node, runtime);
  const filters = [...new Set(found.sources.map(sourceFilter))];
  if (filters.length === 0)
    context.log.warn(`${node.label}: no source matches the pipeline's schema pattern`);
  const reports: RunReport[] = [];
  for (const filter of filters) {
    const options = { filter, ...(node.pipeline === undefined ? {} : { pipeline: node.pipeline }) };
    const report = await resource.runStreaming(options, call);
    reports.push(report);
    const { tablesCopied, tablesFailed, durationMs } = report.run;
    context.log.info(`${filter}: ${tablesCopied} tables copied, ${tablesFailed} failed in ${durationMs} ms`);
  }
  const expected: LoadedTables = { sources: found.sources, failedSources: found.failedSources };
  return tablesLoaded(node.key, expected, reports, filters);
};

const loadFiles = async (node: DagNodePlan, { resource, call }: OpRuntime): Promise<NodeResult> =>
  filesLoaded(node.key, await resource.runLoad({ pipeline: node.pipeline ?? "default" }, call));

/** Copies what the pipeline's source holds, or loads its files. */
export const loadNode = (
  node: DagNodePlan,
  context: AssetExecutionContext,
  runtime: OpRuntime,
): Promise<NodeResult> =>
  node.loadsFiles === true ? loadFiles(node, runtime) : copySources(node, context, runtime);

import { type AssetEvent, type AssetExecutionContext, AssetEvent as Events } from "@dagster-rocky/dagster";
import type { DispatchSettings } from "./compute.ts";
import { loadNode } from "./dag-load.ts";
import { sourceNode } from "./dag-source.ts";
import { type NodeResult, runInOrder } from "./in-order.ts";
import { type OpRuntime, openOp } from "./op-runtime.ts";
import type { DagGroupPlan, DagNodePlan } from "./plans.ts";
import { runModel } from "./run-model.ts";

const PLACEHOLDER_REASON =
  "stages of this kind are shown in the graph only; the engine runs them outside of Dagster, " +
  "so this event does not say that anything was run or written";

/** The asset of a stage that nothing here runs. */
const placeholder = (node: DagNodePlan, kind: string): NodeResult => ({
  events: [
    Events.materialize({
      assetKey: node.key,
      description: `Placeholder: ${kind} ${node.label} was not run`,
      metadata: {
        "rocky/placeholder": true,
        "rocky/placeholder_reason": PLACEHOLDER_REASON,
        "rocky/kind": kind,
        "rocky/node_id": node.nodeId,
      },
    }),
  ],
});

const runNode = (
  plan: DagGroupPlan,
  node: DagNodePlan,
  context: AssetExecutionContext,
  runtime: () => Promise<OpRuntime>,
): Promise<NodeResult> | NodeResult => {
  switch (plan.nodeKind) {
    case "transformation":
      return runtime().then((open) => runModel({ ...node, name: node.label }, plan.grain, context, open));
    case "source":
      return runtime().then((open) => sourceNode(node, context, open));
    case "load":
      return runtime().then((open) => loadNode(node, context, open));
    default:
      context.log.info(`${node.label}: ${PLACEHOLDER_REASON}`);
      return placeholder(node, plan.nodeKind);
  }
};

/** Runs the selected nodes of one kind, in the order of the graph. */
export async function* dispatchDagGroup(
  plan: DagGroupPlan,
  settings: DispatchSettings,
  context: AssetExecutionContext,
): AsyncGenerator<AssetEvent> {
  // Opened by the first node that needs it: placeholders need no engine.
  let opened: Promise<OpRuntime> | undefined;
  const runtime = (): Promise<OpRuntime> => {
    opened ??= openOp(context, settings.resourceKey);
    return opened;
  };
  const nodes = plan.nodes.map((node) => ({ ...node, id: node.nodeId, name: node.label }));
  const what = plan.nodeKind === "transformation" ? "Model" : "Node";
  yield* runInOrder(what, nodes, context, async (node) => runNode(plan, node, context, runtime));
}

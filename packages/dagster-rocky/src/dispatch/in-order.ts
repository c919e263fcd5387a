import { type AssetEvent, type AssetExecutionContext, AssetKey } from "@dagster-rocky/dagster";
import { type BlockedNode, type FailedNode, nodesVerdict } from "../events/model-verdict.ts";
import { RockyError, toFailure } from "../resource/index.ts";

/** A node of a plan, as far as its order goes. */
export interface OrderedNode {
  /** What `upstream` entries of other nodes call it. */
  readonly id: string;
  readonly key: AssetKey;
  readonly name: string;
  readonly upstream: readonly string[];
  /** Not selectable here: runs when a selected node reads it, directly or through others like it. */
  readonly onDemand?: boolean;
  /** What reads it may do without: it holds nothing up. */
  readonly optional?: boolean;
}

/** What running one node came to. */
export interface NodeResult {
  readonly events: readonly AssetEvent[];
  readonly failure?: { readonly reason: string; readonly failureKind?: string };
}

/** An engine that cannot be started at all fails the same way for every node. */
const isHopeless = (error: unknown): boolean =>
  error instanceof RockyError && (error.kind === "binary" || error.kind === "version");

/** The selected nodes and those that they demand. Nodes come in dependency order, so one pass back finds all. */
const nodesToRun = <Node extends OrderedNode>(
  nodes: readonly Node[],
  context: AssetExecutionContext,
): readonly Node[] => {
  const selected = new Set(context.selectedAssetKeys.map(AssetKey.id));
  const demanded = new Set<string>();
  const kept = nodes.toReversed().filter((node) => {
    const isNeeded = node.onDemand ? demanded.has(node.id) : selected.has(AssetKey.id(node.key));
    if (isNeeded) for (const id of node.upstream) demanded.add(id);
    return isNeeded;
  });
  return kept.toReversed();
};

/**
 * Runs the selected nodes one after the other, in the order of the plan. A node whose upstream failed in this
 * step is not started; nodes that have nothing to do with the failure still run. Fails at the end, when
 * everything that could be reported has been.
 */
export async function* runInOrder<Node extends OrderedNode>(
  what: "Model" | "Node",
  nodes: readonly Node[],
  context: AssetExecutionContext,
  run: (node: Node) => Promise<NodeResult>,
): AsyncGenerator<AssetEvent> {
  /** Node id to the name of the failed node that is to blame. */
  const broken = new Map<string, string>();
  const failed: FailedNode[] = [];
  const blocked: BlockedNode[] = [];
  for (const node of nodesToRun(nodes, context)) {
    const { key, name } = node;
    const blockedBy = node.upstream.map((id) => broken.get(id)).find((found) => found !== undefined);
    if (blockedBy !== undefined && node.optional) continue;
    if (blockedBy !== undefined) {
      broken.set(node.id, blockedBy);
      blocked.push({ key, name, blockedBy });
      context.log.warn(`${name} is not started, because ${blockedBy} failed`);
      continue;
    }
    try {
      const { events, failure } = await run(node);
      yield* events;
      if (failure === undefined) continue;
      broken.set(node.id, name);
      failed.push({ key, name, ...failure });
      context.log.error(`${name}: ${failure.reason}`);
    } catch (error) {
      if (context.signal.aborted || isHopeless(error)) throw toFailure(error);
      broken.set(node.id, name);
      const reason = error instanceof Error ? error.message : String(error);
      failed.push({ key, name, reason });
      context.log.error(`${name}: ${reason}`);
    }
  }
  const failure = nodesVerdict(what, failed, blocked);
  if (failure !== undefined) throw failure;
}

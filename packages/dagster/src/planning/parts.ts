import { InvalidSubsetError } from "../definitions/errors.ts";
import { AssetKey } from "../definitions/keys.ts";
import type { OpPart } from "./job-graph.ts";
import type { AssetGraph, AssetNode, CheckNode, OpNode } from "./nodes.ts";
import type { EntitySelection } from "./selection.ts";

/** The parts of ops that run a selection. Throws `InvalidSubsetError` when it cannot be run. */
export function partsOf(graph: AssetGraph, selection: EntitySelection): readonly OpPart[] {
  if (isEverything(graph, selection)) {
    return graph.ops
      .filter((op) => op.assets.length + op.checks.length > 0)
      .map((op) => ({ op, assets: op.assets, checks: op.checks }));
  }
  const ops = new Map<OpNode, { assets: Set<AssetNode>; checks: Set<CheckNode> }>();
  const partFor = (op: OpNode): { assets: Set<AssetNode>; checks: Set<CheckNode> } => {
    const part = ops.get(op) ?? { assets: new Set(), checks: new Set() };
    ops.set(op, part);
    return part;
  };
  for (const asset of selection.assets) {
    if (asset.op === undefined) {
      const name = AssetKey.toUserString(asset.key);
      throw new InvalidSubsetError(
        `asset \`${name}\` was selected, but this code location only knows it from elsewhere and cannot run it`,
      );
    }
    partFor(asset.op).assets.add(asset);
  }
  for (const check of selection.checks) partFor(check.op).checks.add(check);
  // In the order of the definitions, so that equal selections give equal parts.
  return graph.ops.flatMap((op) => {
    const part = ops.get(op);
    return part === undefined ? [] : [partOf(op, part.assets, part.checks)];
  });
}

/** What cannot run is no part of a selection, unless it was named, which is an error. */
function isEverything({ ops, checks }: AssetGraph, selection: EntitySelection): boolean {
  const assets = ops.reduce((sum, op) => sum + op.assets.length, 0);
  if (selection.assets.size !== assets || selection.checks.size !== checks.length) return false;
  for (const asset of selection.assets) if (asset.op === undefined) return false;
  return true;
}

function partOf(op: OpNode, assets: ReadonlySet<AssetNode>, checks: ReadonlySet<CheckNode>): OpPart {
  const complete = assets.size === op.assets.length && checks.size === op.checks.length;
  if (complete) return { op, assets: op.assets, checks: op.checks };
  if (!op.definition.canSubset) {
    const missing = [
      ...op.assets.filter((asset) => !assets.has(asset)).map((asset) => AssetKey.toUserString(asset.key)),
      ...op.checks
        .filter((check) => !checks.has(check))
        .map((check) => `${AssetKey.toUserString(check.asset.key)}:${check.key.name}`),
    ];
    throw new InvalidSubsetError(
      `op \`${op.name}\` always runs as a whole, but only a part of it was selected; select also ${missing.join(", ")}`,
    );
  }
  return {
    op,
    assets: op.assets.filter((asset) => assets.has(asset)),
    checks: op.checks.filter((check) => checks.has(check)),
  };
}

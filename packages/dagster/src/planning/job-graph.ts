import { DefinitionsError } from "../definitions/errors.ts";
import { compareText } from "../wire/index.ts";
import { type AssetNode, type CheckNode, compareKeys, type OpInput, type OpNode } from "./nodes.ts";
import { splitByColor } from "./split.ts";
import { findCycle, topologicalOrder } from "./toposort.ts";

/** The part of an op that one step runs. */
export interface OpPart {
  readonly op: OpNode;
  /** In definition order. */
  readonly assets: readonly AssetNode[];
  readonly checks: readonly CheckNode[];
}

/** An output of another node of the same job. */
export interface NodeOutput {
  readonly node: string;
  readonly output: string;
}

export interface JobInput {
  readonly name: string;
  /** Blocking checks first, then the asset itself; empty when nothing of it is in this job. */
  readonly upstream: readonly NodeOutput[];
  /** The asset itself is made in this job, so it is the last of `upstream`. */
  readonly isMade: boolean;
}

/** An op (or a part of one) inside a job; its name is the step key. */
export interface JobNode extends OpPart {
  readonly name: string;
  readonly inputs: readonly JobInput[];
  /** Distinct names of upstream nodes. */
  readonly upstreamNodes: readonly string[];
}

/** The ops of one job (or of a subset of it) and how they wait for each other. */
export interface JobGraph {
  /** Ordered by name. */
  readonly nodes: readonly JobNode[];
  readonly nodeByName: ReadonlyMap<string, JobNode>;
  /** The node that makes an asset. */
  readonly nodeOf: (asset: AssetNode) => JobNode | undefined;
  readonly executionOrder: readonly string[];
}

/**
 * Lays out the parts as nodes. When two ops would wait for each other, subsettable ops are split so that
 * no asset runs in the same node as one that is upstream of it by way of another op.
 */
export function layOutJob(parts: readonly OpPart[], reservedNames: ReadonlySet<string>): JobGraph {
  const direct = connect(nameParts(parts, reservedNames));
  const order = topologicalOrder(upstreamNames(direct));
  if (order !== undefined) return index(direct, order);
  const split = connect(nameParts(splitByColor(parts), reservedNames));
  const splitOrder = topologicalOrder(upstreamNames(split));
  if (splitOrder !== undefined) return index(split, splitOrder);
  throw new DefinitionsError(
    `these ops wait for each other and cannot be split: ${findCycle(upstreamNames(split)).join(" -> ")}`,
  );
}

const upstreamNames = (nodes: readonly JobNode[]): ReadonlyMap<string, ReadonlySet<string>> =>
  new Map(nodes.map((node) => [node.name, new Set(node.upstreamNodes)]));

function index(nodes: readonly JobNode[], executionOrder: readonly string[]): JobGraph {
  return {
    nodes: nodes.toSorted((a, b) => compareText(a.name, b.name)),
    nodeByName: new Map(nodes.map((node) => [node.name, node])),
    nodeOf: nodeLookup(nodes),
    executionOrder,
  };
}

function nodeLookup(nodes: readonly JobNode[]): JobGraph["nodeOf"] {
  const whole = new Map<OpNode, JobNode>();
  const inParts = new Map<AssetNode, JobNode>();
  for (const node of nodes) {
    if (node.assets === node.op.assets) whole.set(node.op, node);
    else for (const asset of node.assets) inParts.set(asset, node);
  }
  return (asset) => (asset.op === undefined ? undefined : (whole.get(asset.op) ?? inParts.get(asset)));
}

type NamedPart = OpPart & { readonly name: string };

/** Parts of one op are numbered in the order of their first asset. */
function nameParts(parts: readonly OpPart[], reservedNames: ReadonlySet<string>): readonly NamedPart[] {
  const used = new Map<string, number>();
  return orderParts(parts).map((part) => {
    let count = used.get(part.op.name) ?? 0;
    let name: string;
    do {
      count++;
      name = count === 1 ? part.op.name : `${part.op.name}_${count}`;
    } while (count > 1 && reservedNames.has(name));
    used.set(part.op.name, count);
    return { ...part, name };
  });
}

function orderParts(parts: readonly OpPart[]): readonly OpPart[] {
  const keyed = parts.map((part) => ({
    part,
    asset: first(part.assets, (a, b) => compareKeys(a.key, b.key))?.key.path.join("\u0000"),
    // Parts with assets are told apart by these.
    check: part.assets.length > 0 ? undefined : first(part.checks, compareChecks)?.id,
  }));
  keyed.sort((a, b) => compareFirst(a.asset, b.asset) || compareFirst(a.check, b.check));
  return keyed.map(({ part }) => part);
}

const compareChecks = (a: CheckNode, b: CheckNode): number =>
  compareText(a.asset.id, b.asset.id) || compareText(a.key.name, b.key.name);

/** No two parts share an asset or a check, so the first one of each tells them apart. */
function first<T>(items: readonly T[], compare: (a: T, b: T) => number): T | undefined {
  let found: T | undefined;
  for (const item of items) if (found === undefined || compare(item, found) < 0) found = item;
  return found;
}

function compareFirst(a: string | undefined, b: string | undefined): number {
  if (a === undefined || b === undefined) return Number(a !== undefined) - Number(b !== undefined);
  return compareText(a, b);
}

function connect(parts: readonly NamedPart[]): readonly JobNode[] {
  const producers = new Map<AssetNode, NodeOutput>();
  const blocking = new Map<AssetNode, NodeOutput[]>();
  const read = new Set(parts.flatMap((part) => part.op.inputs.map((input) => input.asset)));
  for (const part of parts) {
    const holdsAsset = membership(part.assets, part.op.assets);
    const holdsCheck = membership(part.checks, part.op.checks);
    for (const { name: output, asset, check } of part.op.outputs) {
      if (asset !== undefined && read.has(asset) && holdsAsset(asset)) {
        producers.set(asset, { node: part.name, output });
      }
      if (check === undefined || !check.spec.blocking || !holdsCheck(check)) continue;
      const ref = { node: part.name, output };
      const known = blocking.get(check.asset);
      if (known === undefined) blocking.set(check.asset, [ref]);
      else known.push(ref);
    }
  }
  for (const outputs of blocking.values()) outputs.sort((a, b) => compareText(a.output, b.output));
  return parts.map((part) => connectPart(part, producers, blocking));
}

/** Most parts are whole ops, for which there is nothing to look up. */
function membership<T>(some: readonly T[], all: readonly T[]): (item: T) => boolean {
  if (some === all) return () => true;
  const found = new Set(some);
  return (item) => found.has(item);
}

function connectPart(
  part: NamedPart,
  producers: ReadonlyMap<AssetNode, NodeOutput>,
  blocking: ReadonlyMap<AssetNode, readonly NodeOutput[]>,
): JobNode {
  if (part.op.inputs.length === 0) return { ...part, inputs: [], upstreamNodes: [] };
  const own = new Set(part.assets);
  const awaited = awaitedAssets(part, own);
  const checked = new Set(part.checks.map((check) => check.asset));
  const upstreamOf = ({ asset }: OpInput): readonly NodeOutput[] => {
    if (own.has(asset) || !awaited.has(asset)) return [];
    // An op that itself checks the asset must not wait for the asset's other checks.
    const gates = checked.has(asset) ? [] : (blocking.get(asset) ?? []);
    const producer = producers.get(asset);
    return producer === undefined ? gates : [...gates, producer];
  };
  const inputs = part.op.inputs.map((input) => {
    const upstream = upstreamOf(input);
    return { name: input.name, upstream, isMade: upstream.length > 0 && producers.has(input.asset) };
  });
  const upstreamNodes = new Set(inputs.flatMap((input) => input.upstream.map((output) => output.node)));
  upstreamNodes.delete(part.name);
  return { ...part, inputs, upstreamNodes: [...upstreamNodes] };
}

/** Assets that the selected part reads; what only the unselected rest reads does not count. */
function awaitedAssets(part: OpPart, own: ReadonlySet<AssetNode>): ReadonlySet<AssetNode> {
  const awaited = new Set<AssetNode>();
  for (const asset of part.assets) for (const edge of asset.parents) awaited.add(edge.asset);
  for (const check of part.checks) {
    if (!own.has(check.asset)) awaited.add(check.asset);
    if (part.op.definition.kind === "checks") {
      for (const parent of check.additionalParents) awaited.add(parent);
    }
  }
  return awaited;
}

import type {
  AssetCheckSpec,
  AssetChecksDefinition,
  AssetSpec,
  AssetsDefinition,
} from "../definitions/assets.ts";
import type { AssetCheckKey, AssetKey } from "../definitions/keys.ts";
import type { PartitionMapping, PartitionsDefinition } from "../definitions/partitions.ts";
import { compareText } from "../wire/index.ts";

export type OpDefinition = AssetsDefinition | AssetChecksDefinition;

/** An asset of this location, or a stub for one that is only named as a dependency. */
export interface AssetNode {
  readonly key: AssetKey;
  /** `AssetKey.id(key)`. */
  readonly id: string;
  readonly spec: AssetSpec;
  /** What makes or observes it; undefined for external assets and stubs. */
  readonly op: OpNode | undefined;
  readonly isStub: boolean;
  readonly partitionsDef: PartitionsDefinition | undefined;
  /** One entry per upstream asset, ordered by key. */
  readonly parents: readonly ParentEdge[];
  readonly children: readonly AssetNode[];
  /** Checks whose target this asset is, ordered by name. */
  readonly checks: readonly CheckNode[];
}

export interface ParentEdge {
  readonly asset: AssetNode;
  readonly partitionMapping?: PartitionMapping;
}

export interface CheckNode {
  readonly key: AssetCheckKey;
  /** `AssetCheckKey.id(key)`. */
  readonly id: string;
  readonly spec: AssetCheckSpec;
  readonly asset: AssetNode;
  readonly additionalParents: readonly AssetNode[];
  readonly op: OpNode;
}

/** One function of user code with the assets and checks it can produce. */
export interface OpNode {
  readonly name: string;
  readonly definition: OpDefinition;
  /** In definition order. */
  readonly assets: readonly AssetNode[];
  readonly checks: readonly CheckNode[];
  readonly inputs: readonly OpInput[];
  readonly outputs: readonly OpOutput[];
}

/** Every asset, check and op of a code location, indexed. */
export interface AssetGraph {
  /** Ordered by key; stubs included. */
  readonly assets: readonly AssetNode[];
  /** Ordered by asset key, then name. */
  readonly checks: readonly CheckNode[];
  readonly ops: readonly OpNode[];
  readonly assetById: ReadonlyMap<string, AssetNode>;
}

/** An upstream asset that an op may wait for. */
export interface OpInput {
  readonly name: string;
  readonly asset: AssetNode;
  /** The asset is made by the same op and matters only when the op is split or run in part. */
  readonly isInternal: boolean;
}

/** One product of an op; either `asset` or `check` is set. */
export interface OpOutput {
  readonly name: string;
  readonly asset?: AssetNode;
  readonly check?: CheckNode;
  readonly isRequired: boolean;
}

export function compareKeys(a: AssetKey, b: AssetKey): number {
  const shared = Math.min(a.path.length, b.path.length);
  for (let i = 0; i < shared; i++) {
    const order = compareText(a.path[i] ?? "", b.path[i] ?? "");
    if (order !== 0) return order;
  }
  return a.path.length - b.path.length;
}

export const isExecutable = (node: AssetNode): boolean => node.op !== undefined;
export const isMaterializable = (node: AssetNode): boolean =>
  node.op?.definition.kind === "assets" && node.op.definition.executionType === "materialization";
export const isObservable = (node: AssetNode): boolean =>
  node.op?.definition.kind === "assets" && node.op.definition.executionType === "observation";

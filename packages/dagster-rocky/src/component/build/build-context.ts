import type {
  AssetCompute,
  AssetsDefinition,
  ComponentLogger,
  PartitionsDefinition,
} from "@dagster-rocky/dagster";
import type { AssetCheckSpec, AssetSpec } from "@dagster-rocky/dagster";
import type { ContractRules, DispatchPlan } from "../../dispatch/plans.ts";
import type { RockyComponentOptions } from "../options.ts";
import type { RockyState } from "../state/state.ts";
import type { LoadProblems } from "./load-problems.ts";

/** Everything that building definitions may look at. Nothing here reaches the engine. */
export interface BuildContext {
  readonly options: RockyComponentOptions;
  readonly state: RockyState;
  /** Contract rules by model; empty without `contracts_dir`. */
  readonly contracts: ReadonlyMap<string, ContractRules>;
  /** The function that an op runs for its plan. */
  readonly computeFor: (plan: () => DispatchPlan) => AssetCompute;
  readonly resourceKey: string;
  readonly problems: LoadProblems;
  readonly log: ComponentLogger;
}

/** An op, and the plan of its body: worked out when it first runs, which a server that shows assets never does. */
export function assetsDefinition(
  context: BuildContext,
  plan: () => DispatchPlan,
  parts: {
    readonly opName: string;
    readonly specs: readonly AssetSpec[];
    readonly checkSpecs?: readonly AssetCheckSpec[];
    readonly canSubset: boolean;
    readonly launchedTogether?: boolean;
    readonly tagged: boolean;
    readonly partitionsDef?: PartitionsDefinition | undefined;
  },
): AssetsDefinition {
  return Object.freeze({
    kind: "assets",
    opName: parts.opName,
    specs: parts.specs,
    checkSpecs: parts.checkSpecs ?? [],
    executionType: "materialization",
    canSubset: parts.canSubset,
    ...(parts.launchedTogether ? { launchedTogether: true } : {}),
    opTags: parts.tagged ? context.options.opTags : {},
    ...(parts.partitionsDef ? { partitionsDef: parts.partitionsDef } : {}),
    requiredResourceKeys: [context.resourceKey],
    compute: context.computeFor(plan),
  });
}

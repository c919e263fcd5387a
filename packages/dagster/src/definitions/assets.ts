import type { AutomationCondition } from "./automation.ts";
import type { ConfigFields } from "./config.ts";
import type { AssetEvent } from "./events.ts";
import type { AssetExecutionContext } from "./execution-context.ts";
import type { HookDefinition } from "./hooks.ts";
import type { AssetCheckKey, AssetKey } from "./keys.ts";
import type { Metadata, MetadataValue } from "./metadata.ts";
import type { BackfillPolicy, PartitionMapping, PartitionsDefinition } from "./partitions.ts";
import type { ResourceMap } from "./resources.ts";

export interface AssetDep {
  readonly assetKey: AssetKey;
  readonly partitionMapping?: PartitionMapping;
}

/** Durations are seconds. */
export type FreshnessPolicy =
  | { readonly kind: "timeWindow"; readonly failWindow: number; readonly warnWindow?: number }
  | {
      readonly kind: "cron";
      readonly deadlineCron: string;
      readonly lowerBoundDelta: number;
      readonly timezone: string;
    };

/** One asset's declaration, compiled: every default is filled in, nothing is user input any more. */
export interface AssetSpec {
  readonly key: AssetKey;
  readonly deps: readonly AssetDep[];
  readonly description?: string;
  readonly metadata: Metadata;
  readonly groupName: string;
  readonly tags: Readonly<Record<string, string>>;
  readonly kinds: readonly string[];
  /** E-mail addresses or `team:name`. */
  readonly owners: readonly string[];
  readonly codeVersion?: string;
  readonly freshnessPolicy?: FreshnessPolicy;
  readonly automationCondition?: AutomationCondition;
  readonly partitionsDef?: PartitionsDefinition;
  /** A skippable asset need not be yielded by its op. */
  readonly skippable: boolean;
}

export interface AssetCheckSpec {
  readonly key: AssetCheckKey;
  readonly description?: string;
  readonly blocking: boolean;
  readonly additionalDeps: readonly AssetDep[];
  readonly metadata: Metadata;
  readonly automationCondition?: AutomationCondition;
  readonly partitionsDef?: PartitionsDefinition;
}

export type Backoff = "linear" | "exponential";
export type Jitter = "full" | "plusMinus";

/** In-run retries of a step. `delay` is seconds. */
export interface RetryPolicy {
  readonly maxRetries: number;
  readonly delay?: number;
  readonly backoff?: Backoff;
  readonly jitter?: Jitter;
}

/** What an op yields while it runs. A bare return of `undefined` yields nothing. */
export type AssetCompute = (context: AssetExecutionContext) => AsyncIterable<AssetEvent>;

/**
 * One op: the assets and checks it can produce and the function that produces them.
 *
 * An op whose required outputs were not yielded when it ends is a failed step. Nothing is materialised
 * implicitly (Python's Dagster does so for untyped outputs, which turns failed work green).
 */
export interface AssetsDefinition {
  readonly kind: "assets";
  readonly opName: string;
  readonly specs: readonly AssetSpec[];
  readonly checkSpecs: readonly AssetCheckSpec[];
  readonly executionType: "materialization" | "observation";
  readonly canSubset: boolean;
  /** Shown to the host as one unit that is launched together, although parts of it can be run. */
  readonly launchedTogether?: boolean;
  readonly description?: string;
  readonly opTags: Readonly<Record<string, string>>;
  readonly partitionsDef?: PartitionsDefinition;
  readonly backfillPolicy?: BackfillPolicy;
  readonly retryPolicy?: RetryPolicy;
  readonly pool?: string;
  /** What a run may configure. Absent: any JSON, unchecked. */
  readonly config?: ConfigFields;
  readonly requiredResourceKeys: readonly string[];
  readonly hooks?: readonly HookDefinition[];
  /** Definitions behind these keys, when the op brings them along. */
  readonly resources?: ResourceMap;
  /** Name of the output of an op with one asset; made from the asset's key when absent. */
  readonly outputName?: string;
  /** Where the assets are written: `dagster/code_references` of those whose metadata has none. */
  readonly codeReferences?: MetadataValue;
  readonly compute: AssetCompute;
}

/** An asset that no op of this location makes. */
export interface ExternalAssetDefinition {
  readonly kind: "external";
  readonly spec: AssetSpec;
}

/** A check with an op of its own, for an asset that may be made elsewhere. */
export interface AssetChecksDefinition {
  readonly kind: "checks";
  readonly opName: string;
  readonly checkSpecs: readonly AssetCheckSpec[];
  readonly canSubset: boolean;
  readonly description?: string;
  readonly opTags: Readonly<Record<string, string>>;
  readonly partitionsDef?: PartitionsDefinition;
  readonly retryPolicy?: RetryPolicy;
  readonly pool?: string;
  /** What a run may configure. Absent: any JSON, unchecked. */
  readonly config?: ConfigFields;
  readonly requiredResourceKeys: readonly string[];
  readonly hooks?: readonly HookDefinition[];
  readonly resources?: ResourceMap;
  readonly compute: AssetCompute;
}

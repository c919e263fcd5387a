import type { AssetKey, AssetSelection, ComponentLogger, RunRequest } from "@dagster-rocky/dagster";
import type { DiscoverOutput, FailedSource } from "../resource/outputs/discover.ts";
import type { RockyResource } from "../resource/rocky-resource.ts";
import type { DiscoveredSource } from "../translator/inputs.ts";
import type { RockyDagsterTranslator } from "../translator/translator.ts";

/** At most `maxInFlight` runs of this sensor that carry one value of the tag `tagKey`. */
export interface BacklogCap {
  readonly tagKey: string;
  readonly maxInFlight: number;
  /** Run statuses that count; default QUEUED, NOT_STARTED, STARTING and STARTED. */
  readonly statuses?: readonly string[];
  /** Further tags that counted runs must carry. */
  readonly scopeTags?: Readonly<Record<string, string>>;
}

/** A run was asked for. */
export interface EmitContext {
  readonly runRequest: RunRequest;
  readonly sources: readonly DiscoveredSource[];
}

/** Sources that could not be looked at. Their place in the cursor stays. */
export interface FailedSourcesContext {
  readonly failedSources: readonly FailedSource[];
}

/** A tick asked for nothing. */
export interface SkipContext {
  readonly reason: string;
}

export interface RockySourceSensorOptions {
  /** The key of a `RockyResource` of the location, or one to use; default `"rocky"`. */
  readonly rockyResource?: string | RockyResource;
  /** What its runs may select. */
  readonly target: AssetSelection;
  /** One request for each source (default), or one for each group. */
  readonly granularity?: "per_source" | "per_group";
  readonly translator?: RockyDagsterTranslator;
  /** Default `rocky_source_sensor`. */
  readonly name?: string;
  /** Seconds, default 300. */
  readonly minimumIntervalSeconds?: number;
  /** Default STOPPED. */
  readonly defaultStatus?: "RUNNING" | "STOPPED";
  readonly backlogCap?: BacklogCap;
  readonly onRunRequestEmitted?: (context: EmitContext) => void | Promise<void>;
  readonly onFailedSources?: (context: FailedSourcesContext) => void | Promise<void>;
  readonly onSkip?: (context: SkipContext) => void | Promise<void>;
  /** Tenant mode: both, or neither. */
  readonly tenantComponent?: string;
  readonly tenantPartitionsName?: string;
  /** Tenant mode: adds tenants that the partition set lacks. Default true. */
  readonly syncPartitionsFromDiscover?: boolean;
  /** Also reacts to syncs that the engine itself started. Default false. */
  readonly includeRockyTriggered?: boolean;
  /** How sources are found; default: `discover` of the resource. */
  readonly discover?: (
    resource: RockyResource,
    signal: AbortSignal,
    log: ComponentLogger,
  ) => Promise<DiscoverOutput>;
  /** The assets of a source; default: the translator's keys of its tables. */
  readonly assetKeysOf?: (source: DiscoveredSource) => readonly AssetKey[];
}

import type { ChecksConfig } from "./checks.ts";

export interface GrantConfig {
  readonly principal: string;
  readonly permissions: readonly string[];
}

export interface WorkspaceBinding {
  readonly id: number;
  readonly bindingType: "READ_WRITE" | "READ_ONLY";
}

export interface GovernanceConfig {
  readonly autoCreateCatalogs: boolean;
  readonly autoCreateSchemas: boolean;
  readonly tags: Readonly<Record<string, string>>;
  readonly tagPrefix?: string;
  readonly grants: readonly GrantConfig[];
  readonly schemaGrants: readonly GrantConfig[];
  readonly isolation?: { readonly enabled: boolean; readonly workspaceIds: readonly WorkspaceBinding[] };
}

export interface ExecutionConfig {
  /** "adaptive" grows and shrinks with the warehouse's answers, up to 32. */
  readonly concurrency: "adaptive" | number;
  readonly failFast: boolean;
  /** Percent of failed tables that aborts the rest once four have finished; 0 turns it off. */
  readonly errorRateAbortPct: number;
  readonly tableRetries: number;
}

export interface ScheduleConfig {
  readonly cron?: string;
  readonly timezone?: string;
  readonly after: readonly string[];
  readonly catchup: string;
  readonly enabled: boolean;
  readonly freshness: boolean;
  readonly retryMax: number;
  readonly timeoutMinutes: number;
}

/** How a source schema name is cut into components; a name ending in `...` takes one or more segments. */
export interface SchemaPatternConfig {
  readonly prefix: string;
  readonly separator: string;
  readonly components: readonly string[];
}

export interface DiscoveryConfig {
  readonly adapter: string;
  readonly reportNewSources: boolean;
  readonly onCollision: "off" | "warn" | "error";
}

export interface MetadataColumn {
  readonly name: string;
  readonly type: string;
  /** SQL expression; `{component}` placeholders are filled per source. */
  readonly value: string;
}

export interface TableOverride {
  readonly match: { readonly connector?: string; readonly table?: string };
  readonly strategy?: string;
  readonly timestampColumn?: string;
  readonly mergeKeys?: readonly string[];
  readonly mergeKeysFallback?: readonly string[];
  readonly enabled?: boolean;
}

interface PipelineBase {
  readonly name: string;
  readonly dependsOn: readonly string[];
  readonly checks: ChecksConfig;
  readonly execution: ExecutionConfig;
  readonly schedule?: ScheduleConfig;
}

export interface ReplicationPipeline extends PipelineBase {
  readonly type: "replication";
  /** As written; an unknown text behaves as full_refresh and `validate` warns. */
  readonly strategy: string;
  readonly timestampColumn: string;
  readonly mergeKeys: readonly string[];
  readonly mergeKeysFallback: readonly string[];
  readonly metadataColumns: readonly MetadataColumn[];
  readonly pruneUnchanged: boolean;
  readonly tableOverrides: readonly TableOverride[];
  readonly source: {
    readonly adapter: string;
    readonly catalog?: string;
    readonly discovery?: DiscoveryConfig;
    readonly schemaPattern: SchemaPatternConfig;
  };
  readonly target: {
    readonly adapter: string;
    readonly catalogTemplate: string;
    readonly schemaTemplate: string;
    readonly separator?: string;
    readonly governance: GovernanceConfig;
  };
}

export interface TransformationPipeline extends PipelineBase {
  readonly type: "transformation";
  /** Glob relative to the config file's folder. */
  readonly models: string;
  readonly target: { readonly adapter: string; readonly governance: GovernanceConfig };
}

/** No table name means every table of the schema. */
export interface TableRef {
  readonly catalog: string;
  readonly schema: string;
  readonly table?: string;
}

export interface QualityPipeline extends PipelineBase {
  readonly type: "quality";
  readonly tables: readonly TableRef[];
  readonly target: { readonly adapter: string };
}

export interface SnapshotPipeline extends PipelineBase {
  readonly type: "snapshot";
  readonly uniqueKey: readonly string[];
  readonly updatedAt: string;
  readonly invalidateHardDeletes: boolean;
  readonly source: {
    readonly adapter: string;
    readonly catalog: string;
    readonly schema: string;
    readonly table: string;
  };
  readonly target: {
    readonly adapter: string;
    readonly catalog: string;
    readonly schema: string;
    readonly table: string;
    readonly governance: GovernanceConfig;
  };
}

export type LoadFormat = "csv" | "parquet" | "json_lines";

export interface LoadContract {
  readonly requiredColumns: readonly {
    readonly name: string;
    readonly type: string;
    readonly nullable: boolean;
  }[];
  readonly protectedColumns: readonly string[];
  readonly allowedTypeChanges: readonly { readonly from: string; readonly to: string }[];
}

export interface LoadPipeline extends PipelineBase {
  readonly type: "load";
  readonly sourceDir: string;
  readonly format?: LoadFormat;
  readonly target: {
    readonly adapter: string;
    readonly catalog: string;
    readonly schema: string;
    readonly table?: string;
    readonly governance: GovernanceConfig;
  };
  readonly options: {
    readonly batchSize: number;
    readonly createTable: boolean;
    readonly truncateFirst: boolean;
    readonly csvDelimiter: string;
    readonly csvHasHeader: boolean;
  };
  readonly contract?: LoadContract;
}

export type Pipeline =
  | ReplicationPipeline
  | TransformationPipeline
  | QualityPipeline
  | SnapshotPipeline
  | LoadPipeline;

export type PipelineType = Pipeline["type"];

import type { AssetKey, TableColumnLineage } from "@dagster-rocky/dagster";

/**
 * What an op body needs to know, worked out once from what the definitions were built from.
 *
 * Plans are frozen data. They hold no engine, no file handle and no closure, so that a plan can be tested,
 * printed and compared. Indexes over a plan are built by the op body that needs them: a code server that
 * only shows 50,000 assets never pays for them.
 */
export type DispatchPlan = SourceGroupPlan | TenantPlan | DerivedGroupPlan | DagGroupPlan;

/** Why a check is declared on an asset. */
export type CheckOrigin =
  /** `row_count`, `column_match`, `freshness`, `row_count_anomaly`. */
  | "builtin"
  /** `compliance_exception`. */
  | "compliance"
  /** `contract_*`: answered from the cached compile diagnostics. */
  | "contract"
  /** Named in the engine's configuration. */
  | "configured"
  /** A check over several sources, which the engine reports on one of them only. */
  | "group";

export interface DeclaredCheck {
  readonly name: string;
  readonly origin: CheckOrigin;
}

/** A diagnostic of the compile that the state holds. */
export interface CachedDiagnostic {
  readonly severity: "error" | "warning" | "info";
  readonly code: string;
  readonly message: string;
  readonly model: string;
}

/** The cached compile: absent when the state holds none. */
export interface CachedCompile {
  readonly hasErrors: boolean;
  readonly diagnostics: readonly CachedDiagnostic[];
}

/** Which parts of a contract a model's contract file declares. */
export interface ContractRules {
  readonly model: string;
  readonly required: boolean;
  readonly protected: boolean;
  readonly constraints: boolean;
}

/** One replicated table. */
export interface SourceTable {
  readonly key: AssetKey;
  readonly sourceId: string;
  readonly table: string;
  /** The engine's own name: source type, component values (lists flattened element by element), table. */
  readonly nativePath: readonly string[];
  readonly checks: readonly DeclaredCheck[];
  readonly contract?: ContractRules;
}

/** Replicated tables of one group: one op, which may be subset. */
export interface SourceGroupPlan {
  readonly kind: "sourceGroup";
  readonly opName: string;
  readonly groupName: string;
  /** `key=value` for the whole group; absent when no component has a single value. */
  readonly groupFilter?: string;
  /** Passed as `--pipeline` when the configuration holds several. */
  readonly pipeline?: string;
  readonly tables: readonly SourceTable[];
  readonly compile?: CachedCompile;
}

/** One table as every tenant has it. */
export interface TenantTable {
  readonly key: AssetKey;
  readonly table: string;
  readonly checks: readonly DeclaredCheck[];
  readonly contract?: ContractRules;
}

/** One tenant's own copy of a table. */
export interface TenantMember {
  readonly partitionKey: string;
  readonly sourceId: string;
  readonly nativePath: readonly string[];
  readonly key: AssetKey;
}

/** Tables of all tenants: one op, partitioned by tenant. */
export interface TenantPlan {
  readonly kind: "tenant";
  readonly opName: string;
  /** The component that is the tenant axis: filters read `<component>=<raw value>`. */
  readonly component: string;
  readonly partitionsName: string;
  readonly scopeRunsToSelection: boolean;
  readonly pipeline?: string;
  readonly tables: readonly TenantTable[];
  readonly members: readonly TenantMember[];
  /** Partition key to the tenant value that the engine knows. */
  readonly tenantByPartition: Readonly<Record<string, string>>;
  /** Table name to key, for tenants the state does not know yet; ambiguous names are left out. */
  readonly keyByTable: Readonly<Record<string, AssetKey>>;
  readonly compile?: CachedCompile;
}

export type Grain = "hour" | "day" | "month" | "year";

/** A table that the engine writes. */
export interface TargetTable {
  readonly catalog: string;
  readonly schema: string;
  readonly table: string;
}

/** One model of the compile output. */
export interface DerivedModel {
  readonly key: AssetKey;
  readonly name: string;
  readonly target: TargetTable;
  readonly strategy: string;
  readonly grain?: Grain;
  /** What its asset shows; the events that write it say it too. */
  readonly columnLineage?: TableColumnLineage;
  /** Names of the models of this plan that it reads, ephemeral ones already replaced by theirs. */
  readonly upstream: readonly string[];
  /**
   * It belongs to another op and is read here, so that it is built without being reported: `ahead` always,
   * because its op waits for this one; `ifMissing` when it was never made, because it has partitions and
   * its op is not in the runs of this one.
   */
  readonly madeElsewhere?: "ahead" | "ifMissing";
}

/** Compiled models of one partition shape: one op, all or nothing, models in dependency order. */
export interface DerivedGroupPlan {
  readonly kind: "derivedGroup";
  readonly opName: string;
  readonly grain?: Grain;
  readonly models: readonly DerivedModel[];
  /** `key=value` of the first source: an engine that refuses a run without a filter is given it. */
  readonly fallbackFilter?: string;
  readonly compile?: CachedCompile;
}

/** A node of the engine's graph. Kinds that are unknown today pass through as text. */
export interface DagNodePlan {
  readonly key: AssetKey;
  readonly nodeId: string;
  readonly label: string;
  readonly pipeline?: string;
  readonly target?: TargetTable;
  /** What its asset shows; the events that write it say it too. */
  readonly columnLineage?: TableColumnLineage;
  /** Node ids of this plan that must end well before this one starts. */
  readonly upstream: readonly string[];
  /** A load node whose pipeline has no source node: it reads files. */
  readonly loadsFiles?: boolean;
}

export type DagNodeKind =
  | "source"
  | "load"
  | "transformation"
  | "seed"
  | "quality"
  | "snapshot"
  | (string & { readonly unknownKind?: never });

/** Nodes of one kind and partition shape: one op, which may be subset, nodes in dependency order. */
export interface DagGroupPlan {
  readonly kind: "dagGroup";
  readonly opName: string;
  readonly nodeKind: DagNodeKind;
  readonly grain?: Grain;
  readonly nodes: readonly DagNodePlan[];
}

import type { Secret } from "../secret.ts";
import type { AdapterConfig } from "./adapter.ts";
import type { Severity } from "./checks.ts";
import type { Pipeline } from "./pipeline.ts";
import type { StateConfig } from "./state.ts";

export type MaskStrategy = "hash" | "redact" | "partial" | "none";

/** `[mask]`: strategy per classification tag, and overrides per environment. */
export interface MaskConfig {
  readonly strategies: Readonly<Record<string, MaskStrategy>>;
  readonly environments: Readonly<Record<string, Readonly<Record<string, MaskStrategy>>>>;
}

export interface RoleConfig {
  readonly name: string;
  readonly inherits: readonly string[];
  readonly permissions: readonly string[];
}

export interface BudgetConfig {
  readonly maxUsd?: number;
  readonly maxDurationMs?: number;
  readonly maxBytesScanned?: number;
  readonly onBreach: "warn" | "error";
}

export interface ImportConfig {
  readonly name: string;
  readonly path: string;
  readonly snapshot: string;
  readonly baseline?: string;
  readonly pin?: string;
}

export type HookFailure = "abort" | "warn" | "ignore";

export interface ShellHook {
  readonly command: string;
  readonly timeoutMs: number;
  readonly onFailure: HookFailure;
  readonly env: Readonly<Record<string, string>>;
}

export interface WebhookHook {
  readonly url: string;
  readonly preset?: string;
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly bodyTemplate?: string;
  readonly secret?: Secret;
  readonly timeoutMs: number;
  readonly async: boolean;
  readonly onFailure: HookFailure;
  readonly retryCount: number;
  readonly retryDelayMs: number;
}

/** Hooks per event name, in file order. */
export interface HooksConfig {
  readonly shell: Readonly<Record<string, readonly ShellHook[]>>;
  readonly webhooks: Readonly<Record<string, readonly WebhookHook[]>>;
}

export interface RunSettings {
  readonly skipUnchanged: boolean;
  readonly skipRowcountFallback: boolean;
  readonly lagToleranceSeconds: number;
  readonly strictScheduling: boolean;
}

export interface ResilienceConfig {
  readonly enabled: boolean;
  readonly transientMaxRetries: number;
  readonly initialBackoffMs: number;
  readonly maxBackoffMs: number;
  readonly backoffMultiplier: number;
  readonly jitter: boolean;
  readonly circuitBreakerThreshold: number;
  readonly maxRetriesPerRun?: number;
  readonly containFailures: boolean;
  readonly autoApplyAdditiveDrift: boolean;
}

export interface CostConfig {
  readonly storageCostPerGbMonth: number;
  readonly computeCostPerDbu: number;
  readonly warehouseSize: string;
  readonly minHistoryRuns: number;
}

/** A problem that does not stop loading: a typo in an open table, a deprecated key. */
export interface ConfigWarning {
  readonly message: string;
  readonly key: string;
  readonly line?: number;
  readonly hint?: string;
}

/** A `rocky.toml`, checked and with every default applied. Deeply frozen. */
export interface RockyConfig {
  /** Path as given on the command line. */
  readonly file: string;
  /** Folder of the file, `.` when it lies in the working directory. */
  readonly directory: string;
  /** 16 hex digits that change when the file's text does. */
  readonly fingerprint: string;
  readonly adapters: readonly AdapterConfig[];
  readonly pipelines: readonly Pipeline[];
  readonly state: StateConfig;
  readonly mask: MaskConfig;
  readonly allowUnmasked: readonly string[];
  readonly roles: readonly RoleConfig[];
  readonly freshness: {
    readonly expectedLagSeconds?: number;
    readonly timeColumn?: string;
    readonly severity?: Severity;
  };
  readonly run: RunSettings;
  readonly resilience: ResilienceConfig;
  readonly cost: CostConfig;
  readonly budget: BudgetConfig;
  readonly retryMaxPerRun?: number;
  readonly schemaCache: {
    readonly enabled: boolean;
    readonly ttlSeconds: number;
    readonly replicate: boolean;
  };
  readonly schemaEvolution: { readonly gracePeriodDays: number };
  readonly portability: {
    readonly targetDialect?: "databricks" | "snowflake" | "bigquery" | "duckdb";
    readonly allow: readonly string[];
  };
  readonly imports: readonly ImportConfig[];
  readonly hooks: HooksConfig;
  /** `[branch.approval] required`: promotions need an approval. */
  readonly branchApprovalRequired: boolean;
  readonly schedule: { readonly pollIntervalSeconds: number; readonly timezone: string };
  readonly warnings: readonly ConfigWarning[];
  /** Values that must not appear in any text that leaves the process. */
  readonly sensitive: SensitiveValues;
}

export interface SensitiveValues {
  /** Values under secret-named keys, and of environment variables spliced into them. */
  readonly secrets: readonly string[];
  /** Other values that came from the environment, with the variable's name. */
  readonly environment: readonly { readonly name: string; readonly value: string }[];
}

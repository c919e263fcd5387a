import type { Secret } from "../secret.ts";
import type { RetryConfig } from "./adapter.ts";

export type StateBackend = "local" | "s3" | "gcs" | "valkey" | "tiered";

/** `[state]`; all defaults applied. */
export interface StateConfig {
  readonly backend: StateBackend;
  readonly s3Bucket?: string;
  readonly s3Prefix?: string;
  readonly gcsBucket?: string;
  readonly gcsPrefix?: string;
  readonly valkeyUrl?: Secret;
  readonly valkeyPrefix?: string;
  readonly transferTimeoutSeconds: number;
  readonly onUploadFailure: "skip" | "fail";
  readonly namespacing: "none" | "pipeline";
  readonly concurrencyControl: "off" | "cas";
  readonly onSchemaMismatch: "recreate" | "fail";
  readonly freezeMarkerWrites: boolean;
  readonly retry: RetryConfig;
  readonly idempotency: {
    readonly retentionDays: number;
    readonly dedupOn: "success" | "any";
    readonly inFlightTtlHours: number;
  };
  readonly retention: {
    readonly maxAgeDays: number;
    readonly minRunsKept: number;
    readonly appliesTo: readonly ("history" | "lineage" | "audit")[];
    readonly sweepIntervalSeconds: number;
    readonly sweepBudgetMs: number;
  };
}

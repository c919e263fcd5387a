import { compact, readTable, type TableReader } from "../reader.ts";
import type {
  BudgetConfig,
  CostConfig,
  ImportConfig,
  ResilienceConfig,
  RunSettings,
} from "../types/config.ts";
import { isTable } from "../toml.ts";
import { decodeSeverity, SEVERITIES } from "./assertion.ts";

const withDefaults = <T>(root: TableReader, key: string, decode: (reader: TableReader) => T): T =>
  root.child(key, decode) ?? readTable({}, [], [], decode);

export const decodeBudgetTable = (reader: TableReader): BudgetConfig =>
  compact({
    maxUsd: reader.number("max_usd"),
    maxDurationMs: reader.integer("max_duration_ms"),
    maxBytesScanned: reader.integer("max_bytes_scanned"),
    onBreach: reader.oneOf("on_breach", ["warn", "error"]) ?? ("warn" as const),
  });

export const decodeBudget = (root: TableReader): BudgetConfig =>
  withDefaults(root, "budget", decodeBudgetTable);

export const decodeRun = (root: TableReader): RunSettings =>
  withDefaults(root, "run", (reader) => ({
    skipUnchanged: reader.boolean("skip_unchanged", false),
    skipRowcountFallback: reader.boolean("skip_rowcount_fallback", false),
    lagToleranceSeconds: reader.integer("lag_tolerance_seconds") ?? 0,
    strictScheduling: reader.boolean("strict_scheduling", false),
  }));

export const decodeResilience = (root: TableReader): ResilienceConfig =>
  withDefaults(root, "resilience", (reader) => ({
    enabled: reader.boolean("enabled", true),
    transientMaxRetries: reader.integer("transient_max_retries") ?? 2,
    initialBackoffMs: reader.integer("initial_backoff_ms") ?? 500,
    maxBackoffMs: reader.integer("max_backoff_ms") ?? 30_000,
    backoffMultiplier: reader.number("backoff_multiplier") ?? 2,
    jitter: reader.boolean("jitter", true),
    circuitBreakerThreshold: reader.integer("circuit_breaker_threshold") ?? 3,
    maxRetriesPerRun: reader.integer("max_retries_per_run") ?? 8,
    containFailures: reader.boolean("contain_failures", false),
    autoApplyAdditiveDrift: reader.boolean("auto_apply_additive_drift", false),
  }));

export const decodeCost = (root: TableReader): CostConfig =>
  withDefaults(root, "cost", (reader) => ({
    storageCostPerGbMonth: reader.number("storage_cost_per_gb_month") ?? 0.023,
    computeCostPerDbu: reader.number("compute_cost_per_dbu") ?? 0.4,
    warehouseSize: reader.string("warehouse_size") ?? "Medium",
    minHistoryRuns: reader.integer("min_history_runs") ?? 5,
  }));

export const decodeFreshness = (root: TableReader) =>
  withDefaults(root, "freshness", (reader) =>
    compact({
      expectedLagSeconds: reader.integer("expected_lag_seconds"),
      timeColumn: reader.string("time_column"),
      severity: reader.oneOf("severity", SEVERITIES),
    }),
  );

export const decodeSchemaCache = (root: TableReader) => {
  const table = (reader: TableReader) => ({
    enabled: reader.boolean("enabled", true),
    ttlSeconds: reader.integer("ttl_seconds") ?? 86_400,
    replicate: reader.boolean("replicate", false),
  });
  return (
    root.child("cache", (reader) => reader.child("schemas", table) ?? readTable({}, [], [], table)) ??
    readTable({}, [], [], table)
  );
};

export const decodeSchemaEvolution = (root: TableReader) =>
  withDefaults(root, "schema_evolution", (reader) => ({
    gracePeriodDays: reader.integer("grace_period_days") ?? 7,
  }));

export const decodePortability = (root: TableReader) =>
  withDefaults(root, "portability", (reader) =>
    compact({
      targetDialect: reader.oneOf("target_dialect", ["databricks", "snowflake", "bigquery", "duckdb"]),
      allow: reader.strings("allow") ?? Object.freeze([]),
    }),
  );

export const decodeScheduleDefaults = (root: TableReader) =>
  withDefaults(root, "schedule", (reader) => ({
    pollIntervalSeconds: reader.integer("poll_interval_seconds") ?? 15,
    timezone: reader.string("timezone") ?? "UTC",
  }));

export const decodeImports = (root: TableReader): readonly ImportConfig[] => {
  const table = root.raw("imports");
  if (!isTable(table)) return Object.freeze([]);
  const imports: ImportConfig[] = [];
  root.child("imports", (reader) => {
    for (const name of Object.keys(table)) {
      const entry = reader.child(name, (child) =>
        compact({
          name,
          path: child.requiredString("path"),
          snapshot: child.requiredString("snapshot"),
          baseline: child.string("baseline"),
          pin: child.string("pin"),
        }),
      );
      if (entry !== undefined) imports.push(entry);
    }
    return imports;
  });
  return Object.freeze(imports);
};

export const decodeAllowUnmasked = (root: TableReader): readonly string[] =>
  root.child("classifications", (reader) => reader.strings("allow_unmasked") ?? []) ?? [];

export const decodeRunRetry = (root: TableReader): number | undefined =>
  root.child("retry", (reader) => ({ max: reader.integer("max_retries_per_run") }))?.max;

export { decodeSeverity };

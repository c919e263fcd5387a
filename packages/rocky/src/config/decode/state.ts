import { compact, readTable, type TableReader } from "../reader.ts";
import { createSecret } from "../secret.ts";
import type { StateConfig } from "../types/state.ts";
import { decodeRetry, defaultRetry } from "./adapter.ts";

const RETENTION_DOMAINS = ["history", "lineage", "audit"] as const;

const decodeIdempotency = (reader: TableReader): StateConfig["idempotency"] => ({
  retentionDays: reader.integer("retention_days") ?? 30,
  dedupOn: reader.oneOf("dedup_on", ["success", "any"]) ?? "success",
  inFlightTtlHours: reader.integer("in_flight_ttl_hours") ?? 24,
});

const appliesTo = (reader: TableReader): StateConfig["retention"]["appliesTo"] => {
  const names = reader.strings("applies_to");
  if (names === undefined) return RETENTION_DOMAINS;
  for (const name of names)
    if (!RETENTION_DOMAINS.some((domain) => domain === name))
      reader.problem("applies_to", `unknown value '${name}'`, `one of ${RETENTION_DOMAINS.join(", ")}`);
  return RETENTION_DOMAINS.filter((domain) => names.includes(domain));
};

const decodeRetention = (reader: TableReader): StateConfig["retention"] => ({
  maxAgeDays: reader.integer("max_age_days") ?? 365,
  minRunsKept: reader.integer("min_runs_kept") ?? 100,
  appliesTo: appliesTo(reader),
  sweepIntervalSeconds: reader.integer("sweep_interval_seconds") ?? 3600,
  sweepBudgetMs: reader.integer("sweep_budget_ms") ?? 5000,
});

/** What each remote backend cannot work without. */
const NEEDS: Readonly<Record<string, readonly string[]>> = {
  s3: ["s3_bucket"],
  gcs: ["gcs_bucket"],
  valkey: ["valkey_url"],
  tiered: ["valkey_url", "s3_bucket"],
};

const decodeTable = (reader: TableReader): StateConfig => {
  const backend = reader.oneOf("backend", ["local", "s3", "gcs", "valkey", "tiered"]) ?? "local";
  const valkeyUrl = reader.string("valkey_url");
  const state = compact({
    backend,
    s3Bucket: reader.string("s3_bucket"),
    s3Prefix: reader.string("s3_prefix"),
    gcsBucket: reader.string("gcs_bucket"),
    gcsPrefix: reader.string("gcs_prefix"),
    valkeyUrl: valkeyUrl === undefined ? undefined : createSecret(valkeyUrl),
    valkeyPrefix: reader.string("valkey_prefix"),
    transferTimeoutSeconds: reader.integer("transfer_timeout_seconds") ?? 300,
    onUploadFailure: reader.oneOf("on_upload_failure", ["skip", "fail"]) ?? ("skip" as const),
    namespacing: reader.oneOf("namespacing", ["none", "pipeline"]) ?? ("none" as const),
    concurrencyControl: reader.oneOf("concurrency_control", ["off", "cas"]) ?? ("off" as const),
    onSchemaMismatch: reader.oneOf("on_schema_mismatch", ["recreate", "fail"]) ?? ("recreate" as const),
    freezeMarkerWrites: reader.boolean("freeze_marker_writes", false),
    retry: reader.child("retry", decodeRetry) ?? defaultRetry(),
    idempotency: reader.child("idempotency", decodeIdempotency) ?? readTable({}, [], [], decodeIdempotency),
    retention: reader.child("retention", decodeRetention) ?? readTable({}, [], [], decodeRetention),
  });
  for (const key of NEEDS[backend] ?? [])
    if (!reader.has(key))
      reader.problem(key, `state backend '${backend}' needs \`${key}\``, `add ${key} to [state]`);
  return state;
};

export const decodeState = (root: TableReader): StateConfig =>
  root.child("state", decodeTable) ?? readTable({}, [], [], decodeTable);

type Json = Readonly<Record<string, unknown>>;

/** One entry of `materializations`. */
export const wrote = (assetKey: readonly string[], extra: Json = {}): Json => ({
  asset_key: assetKey,
  duration_ms: 12,
  started_at: "2025-04-04T10:00:00Z",
  rows_copied: 3,
  metadata: { strategy: "full_refresh", target_table_full_name: assetKey.join(".") },
  ...extra,
});

/** One entry of `errors`. */
export const failed = (assetKey: readonly string[], error: string, extra: Json = {}): Json => ({
  asset_key: assetKey,
  error,
  failure_kind: "query-rejected",
  ...extra,
});

/** The output of `rocky run`, with counters and status worked out as the engine does. */
export const runOutput = (fields: {
  readonly materializations?: readonly Json[];
  readonly errors?: readonly Json[];
  readonly [other: string]: unknown;
}): Json => {
  const materializations = fields.materializations ?? [];
  const errors = fields.errors ?? [];
  const status =
    errors.length === 0 ? "Success" : materializations.length === 0 ? "Failure" : "PartialFailure";
  return {
    version: "1.71.0",
    command: "run",
    status,
    filter: "",
    duration_ms: 40,
    tables_copied: materializations.length,
    tables_failed: errors.length,
    materializations,
    check_results: [],
    drift: { tables_checked: materializations.length, tables_drifted: 0, actions_taken: [] },
    interrupted: false,
    ...fields,
  };
};

export const planOutput = (planId: string, kind = "run"): Json => ({
  version: "1.71.0",
  command: "plan",
  filter: "",
  plan_id: planId,
  plan_kind: kind,
  created_at: "2025-04-04T10:00:00Z",
  statements: [],
});

type Entry = Readonly<Record<string, unknown>>;

const isEntry = (value: unknown): value is Entry =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const entries = (value: unknown): readonly Entry[] => (Array.isArray(value) ? value.filter(isEntry) : []);

const key = (value: unknown): string => (Array.isArray(value) ? value.join(".") : String(value ?? ""));

const seconds = (value: unknown): string =>
  typeof value === "number" ? `${(value / 1000).toFixed(2)} s` : "";

const built = (entry: Entry) => {
  const metadata = isEntry(entry.metadata) ? entry.metadata : {};
  const partition = isEntry(entry.partition) ? entry.partition.key : undefined;
  return {
    asset: key(entry.asset_key),
    strategy: metadata.strategy,
    partition,
    rows: entry.rows_copied,
    took: seconds(entry.duration_ms),
    watermark: metadata.watermark,
  };
};

const checksOf = (results: readonly Entry[]) => {
  const all = results.flatMap((result) =>
    entries(result.checks).map((check) => ({ asset: key(result.asset_key), ...check })),
  );
  const failing = all.filter((check) => "passed" in check && check.passed !== true);
  return { count: all.length, failing };
};

const summary = (payload: Entry): string => {
  const made = entries(payload.materializations).length;
  const failed = typeof payload.tables_failed === "number" ? payload.tables_failed : 0;
  const what = failed === 0 ? `${made} built` : `${made} built, ${failed} failed`;
  return `${what} in ${seconds(payload.duration_ms)}`;
};

const runView = (payload: Entry) => {
  const checks = checksOf(entries(payload.check_results));
  const drift = isEntry(payload.drift) ? entries(payload.drift.actions_taken) : [];
  return {
    status: payload.status,
    summary: summary(payload),
    ...(payload.interrupted === true ? { interrupted: true } : {}),
    skipped_by: payload.skipped_by_run_id,
    resumed_from: payload.resumed_from,
    checks:
      checks.count === 0 ? "" : `${checks.count - checks.failing.length} of ${checks.count} checks passed`,
    tables: entries(payload.materializations).map(built),
    failing_checks: checks.failing.map(({ asset, ...check }) => ({ asset, ...check })),
    drift,
    left_out: entries(payload.excluded_tables).map((entry) => ({
      asset: key(entry.asset_key),
      reason: entry.reason,
    })),
    decisions: entries(payload.model_decisions),
    blocked: entries(payload.contained),
    anomalies: entries(payload.anomalies),
    quarantine: entries(payload.quarantine),
    budget_breaches: entries(payload.budget_breaches),
    override_warnings: entries(payload.override_warnings),
    errors: entries(payload.errors).map((entry) => ({ asset: key(entry.asset_key), error: entry.error })),
  };
};

/**
 * What of a run people want to see. Other payloads that a run may have (of a graph, of a load) are short enough to be
 * shown whole.
 */
export const viewOfRun = (payload: unknown): unknown =>
  isEntry(payload) && Array.isArray(payload.materializations) ? runView(payload) : payload;

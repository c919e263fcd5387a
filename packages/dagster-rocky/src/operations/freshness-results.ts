import { type AssetCheckResult, AssetEvent, AssetKey, type RawMetadataValue } from "@dagster-rocky/dagster";
import { MODEL_FRESHNESS_CHECK, SOURCE_FRESHNESS_CHECK } from "../checks/names.ts";
import type { FreshnessOutput } from "../resource/outputs/reports.ts";

/** How fresh the engine found one source table. */
export type FreshnessRow = FreshnessOutput["sources"][number];

/**
 * Check results of the engine's `freshness` command: `source_freshness` for sources, `model_freshness` for
 * models. A warning fails with severity WARN, an error with ERROR. `assetKeyFor` leaves out what has no
 * asset; by default a table's name is split on dots.
 */
export function freshnessCheckResults(
  output: FreshnessOutput,
  assetKeyFor: (row: FreshnessRow) => AssetKey | undefined = (row) => AssetKey.of(...row.table.split(".")),
): readonly AssetCheckResult[] {
  const results = (rows: readonly FreshnessRow[], checkName: string) =>
    rows.flatMap((row) => {
      const assetKey = assetKeyFor(row);
      if (!assetKey) return [];
      const passed = row.status === "pass";
      const severity = row.status === "warn" ? "WARN" : "ERROR";
      return [AssetEvent.check({ assetKey, checkName, passed, severity, metadata: metadataOf(row) })];
    });
  return [
    ...results(output.sources, SOURCE_FRESHNESS_CHECK),
    ...results(output.models, MODEL_FRESHNESS_CHECK),
  ];
}

function metadataOf(row: FreshnessRow): Record<string, RawMetadataValue> {
  const metadata: Record<string, RawMetadataValue> = { status: row.status };
  const add = (key: string, value: string | number | undefined) => {
    if (value !== undefined) metadata[key] = value;
  };
  add("measured_from", row.measuredFrom);
  add("max_loaded_at", row.maxLoadedAt);
  add("age_seconds", row.ageSeconds);
  add("warn_after_seconds", row.warnAfterSeconds);
  add("error_after_seconds", row.errorAfterSeconds);
  add("message", row.message);
  return metadata;
}

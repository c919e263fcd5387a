import {
  type AssetCheckResult,
  type AssetCheckSeverity,
  AssetEvent,
  type AssetKey,
  type AssetObservation,
  MetadataValue,
  type RawMetadataValue,
} from "@dagster-rocky/dagster";
import type { EngineCheck } from "../resource/outputs/run.ts";
import { present } from "./materialization.ts";

const severityOf = (check: EngineCheck): AssetCheckSeverity =>
  check.severity === "warning" ? "WARN" : "ERROR";

const names = (list: readonly string[] | undefined): string | undefined =>
  list === undefined ? undefined : list.length === 0 ? "(none)" : list.join(", ");

const shown = (value: unknown): string => (typeof value === "string" ? value : JSON.stringify(value));

const int = (value: number | undefined): RawMetadataValue | undefined =>
  value === undefined ? undefined : MetadataValue.int(Math.round(value));

const float = (value: number | undefined): RawMetadataValue | undefined =>
  value === undefined ? undefined : MetadataValue.float(value);

/** Everything that the engine says about a check, under the labels that users know. */
export const checkMetadata = (check: EngineCheck): Record<string, RawMetadataValue> =>
  present({
    source_count: int(check.sourceCount),
    target_count: int(check.targetCount),
    missing_columns: names(check.missing),
    extra_columns: names(check.extra),
    lag_seconds: int(check.lagSeconds),
    threshold_seconds: int(check.thresholdSeconds),
    column: check.column,
    null_rate: float(check.nullRate),
    threshold: float(check.threshold),
    query: check.query,
    result_value: int(check.resultValue),
    failing_rows: int(check.failingRows),
    overlap_count: int(check.overlapCount),
    contributing_tables: names(check.contributingTables),
    overlap_sample: check.sample?.map(shown).join("\n"),
    not_evaluated: check.notEvaluated === undefined ? undefined : shown(check.notEvaluated),
    severity: check.severity === "warning" ? "warning" : undefined,
  });

/** The verdict of a check that the asset declares. */
export const declaredCheckResult = (key: AssetKey, checkName: string, check: EngineCheck): AssetCheckResult =>
  AssetEvent.check({
    assetKey: key,
    checkName,
    passed: check.passed,
    severity: severityOf(check),
    metadata: checkMetadata(check),
  });

/** A check that the engine ran though the asset does not declare it: shown, but no verdict. */
export const undeclaredCheckObservation = (
  key: AssetKey,
  checkName: string,
  check: EngineCheck,
): AssetObservation =>
  AssetEvent.observe({
    assetKey: key,
    description: `The engine ran the check ${checkName}, which this asset does not declare: ${
      check.passed ? "passed" : "failed"
    }`,
    metadata: {
      "rocky/undeclared_check": true,
      "rocky/check_name": check.name,
      "rocky/check_passed": check.passed,
      status: check.passed ? "passed" : "failed",
      ...checkMetadata(check),
    },
  });

/** A declared check that has no verdict of its own. */
export const placeholderCheck = (
  key: AssetKey,
  checkName: string,
  passed: boolean,
  status: string,
  extra: Readonly<Record<string, RawMetadataValue>> = {},
  severity: AssetCheckSeverity = "WARN",
): AssetCheckResult =>
  AssetEvent.check({ assetKey: key, checkName, passed, severity, metadata: { status, ...extra } });

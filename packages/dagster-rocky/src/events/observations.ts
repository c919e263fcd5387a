import {
  type AssetCheckResult,
  AssetEvent,
  type AssetKey,
  type AssetObservation,
  MetadataValue,
} from "@dagster-rocky/dagster";
import type { Anomaly, AnomalyEvaluation, ContainedModel, DriftSummary } from "../resource/outputs/run.ts";
import { ANOMALY_CHECK } from "../checks/names.ts";

/** A change of a source's columns, and what the engine did about it. */
export const driftObservation = (
  key: AssetKey,
  drift: DriftSummary,
  action: DriftSummary["actionsTaken"][number],
): AssetObservation =>
  AssetEvent.observe({
    assetKey: key,
    description: `Schema drift: ${action.action}`,
    metadata: {
      "rocky/drift_action": action.action,
      "rocky/drift_reason": action.reason,
      "rocky/drift_table": action.table,
      "rocky/drift_tables_checked": drift.tablesChecked,
      "rocky/drift_tables_drifted": drift.tablesDrifted,
    },
  });

/** Something that the engine did not build because what it reads had failed. */
export const containedObservation = (key: AssetKey, contained: ContainedModel): AssetObservation =>
  AssetEvent.observe({
    assetKey: key,
    description: `Not built: blocked by ${contained.blockedBy.join(", ")}`,
    metadata: {
      "rocky/contained": true,
      "rocky/blocked_by": contained.blockedBy.join(", "),
      "rocky/unblock_hint": contained.unblockHint,
    },
  });

export const anomalyResult = (key: AssetKey, anomaly: Anomaly): AssetCheckResult =>
  AssetEvent.check({
    assetKey: key,
    checkName: ANOMALY_CHECK,
    passed: false,
    severity: "WARN",
    metadata: {
      "rocky/current_count": Math.round(anomaly.currentCount),
      "rocky/baseline_avg": MetadataValue.float(anomaly.baselineAvg),
      "rocky/deviation_pct": MetadataValue.float(anomaly.deviationPct),
      "rocky/reason": anomaly.reason,
    },
  });

export const anomalyEvaluationResult = (key: AssetKey, evaluation: AnomalyEvaluation): AssetCheckResult =>
  AssetEvent.check({
    assetKey: key,
    checkName: ANOMALY_CHECK,
    passed: evaluation.evaluated,
    severity: "WARN",
    metadata: evaluation.evaluated
      ? { status: "no anomaly: the row count lies within its usual range" }
      : {
          status: "not_evaluated",
          "rocky/reason": evaluation.notEvaluatedReason ?? "the engine gave no reason",
        },
  });

/** The engine compared the row count with earlier runs, in its own words. */
export const anomalyAbsence = (key: AssetKey, status: string): AssetCheckResult =>
  AssetEvent.check({
    assetKey: key,
    checkName: ANOMALY_CHECK,
    passed: true,
    severity: "WARN",
    metadata: { status },
  });

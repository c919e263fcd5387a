import { displayName } from "../../adapters/table-ref.ts";
import { type QualitySnapshot, recordQuality, rowCountBaselines } from "../../state/quality-history.ts";
import { BASELINE_MINIMUM, BASELINE_WINDOW, findAnomaly } from "../checks/anomalies.ts";
import { checkOverlap } from "../checks/overlap.ts";
import { runEvents } from "../events.ts";
import type { Finished, Replication } from "./replication.ts";

/** Tables of the same type and name in several sources; the first of them carries the result. */
const overlaps = async (run: Replication, finished: readonly Finished[]): Promise<void> => {
  const config = run.pipeline.checks.crossSourceOverlap;
  if (config === undefined) return;
  const groups = new Map<string, Finished[]>();
  for (const one of finished) {
    const key = `${one.task.sourceType}.${one.task.source.table}`;
    const known = groups.get(key);
    if (known === undefined) groups.set(key, [one]);
    else known.push(one);
  }
  const places = new Map(run.report.checks.map(({ asset_key }, at) => [asset_key, at]));
  for (const [key, members] of groups) {
    const result = await checkOverlap(
      run.session,
      run.session.dialect,
      config,
      `cross_source_overlap:${key}`,
      members.map(({ task, copied }) => ({
        target: task.target,
        columns: [...copied.sourceColumns.map(({ name }) => name), ...task.metadata.map(({ name }) => name)],
      })),
    );
    const first = members[0];
    if (result === undefined || first === undefined) continue;
    const at = places.get(first.task.assetKey);
    const known = at === undefined ? undefined : run.report.checks[at];
    if (at === undefined || known === undefined)
      run.report.checks.push({ asset_key: first.task.assetKey, checks: [result] });
    else run.report.checks[at] = { ...known, checks: [...known.checks, result] };
  }
};

const snapshots = (
  run: Replication,
  finished: readonly Finished[],
  now: string,
): readonly QualitySnapshot[] =>
  finished.flatMap(({ task, measured }) =>
    measured.rowCount === undefined
      ? []
      : [
          {
            table: displayName(task.target),
            runId: run.runId,
            recordedAt: now,
            rowCount: measured.rowCount,
            nullRates: measured.nullRates,
            ...(measured.freshnessLagSeconds === undefined
              ? {}
              : { freshnessLagSeconds: measured.freshnessLagSeconds }),
          },
        ],
  );

/** What needs all tables of a run: keys in several sources, unusual row counts, the history of measurements. */
export const fileMeasurements = async (run: Replication, finished: readonly Finished[]): Promise<void> => {
  await overlaps(run, finished);
  const taken = snapshots(run, finished, new Date().toISOString());
  if (taken.length === 0 || run.shadow !== undefined) return;
  const baselines = await rowCountBaselines(run.state, BASELINE_WINDOW);
  const threshold = run.pipeline.checks.anomalyThresholdPct;
  const events = runEvents(run.env.emit);
  for (const { table, rowCount } of taken) {
    const baseline = baselines.get(table);
    const anomaly = findAnomaly(table, rowCount, baseline, threshold);
    if (anomaly !== undefined) run.report.anomalies.push(anomaly);
    // The output only lists anomalies; listeners also learn which tables were looked at.
    events.note("anomaly_checked", {
      table,
      is_anomaly: anomaly !== undefined,
      samples: baseline?.samples ?? 0,
      needed: BASELINE_MINIMUM,
    });
  }
  await recordQuality(run.state, taken);
};

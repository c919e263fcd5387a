import {
  AssetEvent,
  type AssetKey,
  type MaterializeResult,
  MetadataValue,
  type RawMetadataValue,
  type TableColumnLineage,
} from "@dagster-rocky/dagster";
import { ROW_COUNT_CHECK } from "../checks/names.ts";
import type { EngineMaterialization } from "../resource/outputs/run.ts";
import { rowsKey } from "../resource/heard.ts";
import type { PlanFacts, RunReport } from "../resource/plan-then-apply.ts";

type Metadata = Record<string, RawMetadataValue>;

/** Drops what the engine did not say. */
export const present = (values: Readonly<Record<string, RawMetadataValue | undefined>>): Metadata => {
  const kept: Metadata = {};
  for (const [label, value] of Object.entries(values)) if (value !== undefined) kept[label] = value;
  return kept;
};

/** Engines write `2025-04-04 10:00:00` or ISO; Dagster shows ISO. */
const isoText = (text: string | undefined): string | undefined => text?.replace(/^(\d{4}-\d\d-\d\d) /, "$1T");

const float = (value: number | undefined): RawMetadataValue | undefined =>
  value === undefined ? undefined : MetadataValue.float(value);

const int = (value: number | undefined): RawMetadataValue | undefined =>
  value === undefined ? undefined : MetadataValue.int(Math.round(value));

export const planMetadata = (plan: PlanFacts | undefined): Metadata =>
  plan === undefined
    ? {}
    : {
        "rocky/plan_id": plan.planId,
        "rocky/plan_path": MetadataValue.path(plan.path),
        "rocky/plan_kind": plan.kind,
      };

/** What is true of everything that one engine run wrote. */
export const runMetadata = ({ run, heard }: RunReport): Metadata =>
  present({
    "rocky/run_status": run.status,
    "rocky/run_id": run.runId ?? heard?.runId,
    "rocky/shadow": run.shadow ? true : undefined,
    "rocky/resumed_from": run.resumedFrom,
  });

export const rowsOf = (entry: EngineMaterialization, { heard }: RunReport): number | undefined =>
  entry.rowsCopied ?? heard?.rows.get(rowsKey(entry.assetKey, entry.partition?.key));

/** Strategies that add to a table, so that the rows of one run are not the rows of the table. */
const ADDING: ReadonlySet<string> = new Set([
  "incremental",
  "microbatch",
  "merge",
  "delete_insert",
  "snapshot",
  "time_interval",
]);

const counted = new WeakMap<RunReport["run"], ReadonlyMap<string, number>>();

/** Rows of whole tables as the run's own `row_count` checks counted them, by asset key. */
const countsOf = (run: RunReport["run"]): ReadonlyMap<string, number> => {
  const known = counted.get(run);
  if (known !== undefined) return known;
  const counts = new Map<string, number>();
  for (const { assetKey, checks } of run.checkResults)
    for (const { name, targetCount } of checks)
      if (name === ROW_COUNT_CHECK && targetCount !== undefined) counts.set(rowsKey(assetKey), targetCount);
  counted.set(run, counts);
  return counts;
};

/** `dagster/row_count` stands for the whole table: a run that added no row must not show a table as empty. */
const rowCounts = (entry: EngineMaterialization, { run }: RunReport, rows: RawMetadataValue | undefined) => {
  if (entry.partition !== undefined) return { "dagster/partition_row_count": rows };
  const isWhole = !ADDING.has(entry.metadata.strategy ?? "");
  return { "dagster/row_count": isWhole ? rows : int(countsOf(run).get(rowsKey(entry.assetKey))) };
};

const tableMetadata = (entry: EngineMaterialization, report: RunReport): Metadata => {
  const { metadata } = entry;
  const rows = int(rowsOf(entry, report));
  return present({
    "dagster-rocky/strategy": metadata.strategy,
    "dagster-rocky/watermark": isoText(metadata.watermark),
    "dagster-rocky/rows_copied": rows,
    "dagster-rocky/duration_ms": int(entry.durationMs),
    "dagster-rocky/target_table_full_name": metadata.targetTableFullName,
    "dagster-rocky/sql_hash": metadata.sqlHash,
    "dagster-rocky/column_count": int(metadata.columnCount),
    "dagster-rocky/compile_time_ms": int(metadata.compileTimeMs),
    "dagster/duration_ms": int(entry.durationMs),
    ...rowCounts(entry, report, rows),
    "rocky/partition_key": entry.partition?.key,
    "rocky/tenant": entry.tenant,
    "rocky/cost_usd": float(entry.costUsd),
    "rocky/bytes_scanned": int(entry.bytesScanned),
    "rocky/bytes_written": int(entry.bytesWritten),
    "rocky/job_ids": entry.jobIds.length === 0 ? undefined : entry.jobIds.join(", "),
    "rocky/attempts": entry.attempts.length === 0 ? undefined : entry.attempts.length,
  });
};

/** What the component knows about a written table beside what the engine says. */
export interface TableFacts {
  readonly partition?: string | undefined;
  readonly columnLineage?: TableColumnLineage | undefined;
}

/**
 * The event for one table or model that the engine reported as written. Lineage stands in the definition
 * too, where Dagster's own page hides it: events are what shows it, and what keeps it as it was.
 */
export const materialized = (
  key: AssetKey,
  entry: EngineMaterialization,
  report: RunReport,
  { partition, columnLineage }: TableFacts = {},
): MaterializeResult =>
  AssetEvent.materialize({
    assetKey: key,
    metadata: {
      ...tableMetadata(entry, report),
      ...runMetadata(report),
      ...planMetadata(report.plan),
      ...(columnLineage ? { "dagster/column_lineage": MetadataValue.columnLineage(columnLineage) } : {}),
    },
    ...(partition === undefined ? {} : { partition }),
  });

import { AssetEvent, type AssetKey, MetadataValue, type RawMetadataValue } from "@dagster-rocky/dagster";
import type { DiscoveredSource, FailedSource } from "../resource/outputs/discover.ts";
import type { LoadOutput } from "../resource/outputs/load.ts";
import type { EngineMaterialization, RunOutput } from "../resource/outputs/run.ts";
import type { RunReport } from "../resource/plan-then-apply.ts";
import { type Problem, problemText } from "./failure-text.ts";
import { planMetadata, rowsOf } from "./materialization.ts";
import type { ModelOutcome } from "./model-outcome.ts";
import { runProblems } from "./verdict.ts";

const MOST_ROWS = 200;

/** What a load node was to copy. */
export interface LoadedTables {
  readonly sources: readonly DiscoveredSource[];
  readonly failedSources: readonly FailedSource[];
}

const tableNames = (tables: readonly Copied[]): RawMetadataValue =>
  MetadataValue.table(
    tables.slice(0, MOST_ROWS).map(({ entry, rows }) => ({
      table: entry.metadata.targetTableFullName ?? entry.assetKey.join("."),
      strategy: entry.metadata.strategy ?? "",
      rows: rows ?? null,
      duration_ms: entry.durationMs,
    })),
    {
      columns: [
        { name: "table", type: "string" },
        { name: "strategy", type: "string" },
        { name: "rows", type: "int" },
        { name: "duration_ms", type: "int" },
      ],
    },
  );

interface Copied {
  readonly entry: EngineMaterialization;
  readonly rows: number | undefined;
}

const copied = (reports: readonly RunReport[]): readonly Copied[] =>
  reports.flatMap((report) =>
    report.run.materializations.map((entry) => ({ entry, rows: rowsOf(entry, report) })),
  );

/** Rows are known only when every table's are. */
const rowCount = (tables: readonly Copied[]): number | undefined =>
  tables.length === 0 || tables.some(({ rows }) => rows === undefined)
    ? undefined
    : tables.reduce((sum, { rows }) => sum + (rows ?? 0), 0);

const plansOf = (reports: readonly RunReport[]): Record<string, RawMetadataValue> => {
  const plans = reports.flatMap(({ plan }) => (plan === undefined ? [] : [plan]));
  const metadata = planMetadata(plans[0]);
  return plans.length > 1 ? { ...metadata, "rocky/plan_ids": plans.map(({ planId }) => planId) } : metadata;
};

const failingChecks = (runs: readonly RunOutput[]): readonly string[] =>
  runs.flatMap((run) =>
    run.checkResults.flatMap(({ assetKey, checks }) =>
      checks.filter(({ passed }) => !passed).map(({ name }) => `${assetKey.join("/")}: ${name}`),
    ),
  );

/** Tables that discovery shows and no run accounts for. Table names are enough: a run is about one filter. */
const unaccounted = (expected: LoadedTables, runs: readonly RunOutput[]): readonly string[] => {
  const seen = new Map<string, number>();
  const count = (name: string | undefined): void => {
    if (name !== undefined) seen.set(name, (seen.get(name) ?? 0) + 1);
  };
  for (const run of runs) {
    for (const { assetKey } of run.materializations) count(assetKey.at(-1));
    for (const { assetKey } of run.errors) count(assetKey.at(-1));
    for (const { assetKey } of run.excludedTables) count(assetKey.at(-1));
  }
  return expected.sources.flatMap((source) =>
    source.tables.flatMap(({ name }) => {
      const left = seen.get(name) ?? 0;
      if (left === 0) return [`${source.id}.${name}`];
      seen.set(name, left - 1);
      return [];
    }),
  );
};

const problemsOf = (expected: LoadedTables, reports: readonly RunReport[]): readonly Problem[] => {
  const runs = reports.map(({ run }) => run);
  const errors = runs.flatMap((run) => run.errors);
  const problems: Problem[] = expected.failedSources.map(({ id, message }) => ({
    subject: id,
    reason: `the source could not be read: ${message}`,
  }));
  for (const { assetKey, error } of errors)
    problems.push(assetKey.length === 0 ? { reason: error } : { subject: assetKey.join("/"), reason: error });
  const shadow = reports.some(({ shadowSuffix }) => shadowSuffix !== undefined);
  const skipped = runs.some((run) => run.status === "SkippedIdempotent");
  if (!shadow && !skipped && errors.length === 0)
    for (const subject of unaccounted(expected, runs))
      problems.push({ subject, reason: "the engine did not report it" });
  if (problems.length === 0) for (const reason of runs.flatMap(runProblems)) problems.push({ reason });
  return problems;
};

/** The verdict on a load node that copies a pipeline's sources: one failed table fails it. */
export const tablesLoaded = (
  key: AssetKey,
  expected: LoadedTables,
  reports: readonly RunReport[],
  filters: readonly string[],
): ModelOutcome => {
  const runs = reports.map(({ run }) => run);
  const tables = copied(reports);
  const rows = rowCount(tables);
  const failing = failingChecks(runs);
  const metadata: Record<string, RawMetadataValue> = {
    "rocky/tables_copied": tables.length,
    "rocky/tables_failed": runs.reduce((sum, run) => sum + run.tablesFailed, 0),
    "rocky/tables": tableNames(tables),
    "rocky/filters": filters.join(", "),
    ...(failing.length === 0 ? {} : { "rocky/failing_checks": failing.slice(0, MOST_ROWS) }),
    ...(rows === undefined ? {} : { "dagster/row_count": rows }),
    "dagster/duration_ms": Math.round(runs.reduce((sum, run) => sum + run.durationMs, 0)),
    ...plansOf(reports),
  };
  const problems = problemsOf(expected, reports);
  if (problems.length === 0) return { events: [AssetEvent.materialize({ assetKey: key, metadata })] };
  return {
    events:
      tables.length === 0
        ? []
        : [
            AssetEvent.observe({
              assetKey: key,
              description: "Copied in part; see the step's failure",
              metadata,
            }),
          ],
    failure: { reason: problemText(`${problems.length} tables were not copied`, problems) },
  };
};

const isLoad = (output: RunOutput | LoadOutput): output is LoadOutput => "filesLoaded" in output;

/** The verdict on a load node that reads files. */
export const filesLoaded = (key: AssetKey, output: RunOutput | LoadOutput): ModelOutcome => {
  if (!isLoad(output)) return tablesLoaded(key, { sources: [], failedSources: [] }, [{ run: output }], []);
  const failed = output.files.filter(({ error }) => error !== undefined);
  if (failed.length > 0 || output.filesFailed > 0) {
    const problems = failed.map(({ file, error }): Problem => ({ subject: file, reason: error ?? "" }));
    const reason = problemText(
      `${Math.max(output.filesFailed, failed.length)} files were not loaded`,
      problems,
    );
    return { events: [], failure: { reason } };
  }
  return {
    events: [
      AssetEvent.materialize({
        assetKey: key,
        metadata: {
          "rocky/source_dir": output.sourceDir,
          "rocky/files_loaded": output.filesLoaded,
          "rocky/bytes_loaded": output.totalBytes,
          "rocky/files": output.files.slice(0, MOST_ROWS).map(({ file, target }) => `${file} → ${target}`),
          "dagster/row_count": output.totalRows,
          "dagster/duration_ms": Math.round(output.durationMs),
        },
      }),
    ],
  };
};

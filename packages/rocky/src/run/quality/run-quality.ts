import type { Session } from "../../adapters/adapter.ts";
import { isSqlError } from "../../adapters/sql-error.ts";
import { displayName, sqlName, type TableRef, tableRef } from "../../adapters/table-ref.ts";
import type { ChecksConfig, QualityPipeline } from "../../config/index.ts";
import { RockyError } from "../../errors.ts";
import { type QualitySnapshot, recordQuality } from "../../state/quality-history.ts";
import { assertionName } from "../checks/assertion-sql.ts";
import { checkAssertion, unansweredAssertion } from "../checks/assertions.ts";
import { checkCustom } from "../checks/custom.ts";
import { quarantine } from "../checks/quarantine.ts";
import { findAdapter, type RunEnvironment } from "../environment.ts";
import { runEvents } from "../events.ts";
import { failureKindOf, failureText, isInterruption } from "../failure.ts";
import type { CheckResult } from "../output.ts";
import { createReport, type RunReport } from "../report.ts";
import { didYouMean } from "../../suggest.ts";
import type { RunRequest } from "../request.ts";
import { type RunResult, withinRun } from "../within-run.ts";

interface Quality {
  readonly env: RunEnvironment;
  readonly session: Session;
  readonly checks: ChecksConfig;
  readonly report: RunReport;
}

/** Whether the pipeline made the table itself to part good rows from bad ones: an empty one is good news. */
const madeByQuarantine = (
  { quarantine: config }: ChecksConfig,
  found: ReadonlySet<string>,
  table: string,
): boolean =>
  config?.enabled === true &&
  [config.suffixValid, config.suffixQuarantine].some(
    (suffix) => table.endsWith(suffix) && found.has(table.slice(0, -suffix.length)),
  );

/** The tables that the pipeline names; a schema without tables is a failure of its own, the others are checked. */
const tablesOf = async (
  session: Session,
  pipeline: QualityPipeline,
  report: RunReport,
): Promise<readonly TableRef[]> => {
  const refs: TableRef[] = [];
  for (const { catalog, schema, table } of pipeline.tables) {
    if (table !== undefined) refs.push(tableRef(catalog, schema, table));
    else {
      const all = new Set((await session.listTables([schema], catalog)).get(schema));
      const found = [...all].filter((name) => !madeByQuarantine(pipeline.checks, all, name));
      if (found.length === 0) {
        const error = new RockyError(
          "config_invalid",
          `schema '${catalog}.${schema}' of pipeline '${pipeline.name}' has no tables`,
          {
            where: { key: `pipeline.${pipeline.name}.tables` },
          },
        );
        fileFailure(report, [catalog, schema], error);
      }
      for (const name of found) refs.push(tableRef(catalog, schema, name));
    }
  }
  return refs;
};

const countRows = async ({ session, checks }: Quality, table: string): Promise<CheckResult> => {
  const count = Number(await session.scalar(`SELECT COUNT(*) FROM ${table}`));
  return {
    name: "row_count",
    passed: count > 0,
    severity: checks.rowCount.severity,
    source_count: count,
    target_count: count,
  };
};

const tellProblem = (env: RunEnvironment, check: string, reason: string): void =>
  runEvents(env.emit).warn(`check ${check} could not be asked: ${reason}`, { event: "check_problem", check });

/** A check that the warehouse could not answer has not passed; the reason goes to the log. */
const assertAll = async (quality: Quality, ref: TableRef, table: string): Promise<readonly CheckResult[]> => {
  const { session, checks, env } = quality;
  const results: CheckResult[] = [];
  for (const assertion of checks.assertions) {
    if (assertion.table !== ref.table) continue;
    try {
      results.push(await checkAssertion({ connection: session, dialect: session.dialect, table }, assertion));
    } catch (error) {
      if (!isSqlError(error) || isInterruption(error)) throw error;
      tellProblem(env, assertionName(assertion), error.message);
      results.push(unansweredAssertion(assertion));
    }
  }
  return results;
};

/** Nothing would notice a table that does not exist when nothing is asked about it. */
const refuseMissing = async (session: Session, ref: TableRef): Promise<void> => {
  if ((await session.describe(ref)) !== undefined) return;
  throw new RockyError("config_invalid", `table '${displayName(ref)}' does not exist`);
};

/** An assertion about a table that is none of the pipeline's is never asked, which looks like having passed. */
const tellUnasked = ({ checks, env }: Quality, tables: readonly TableRef[]): void => {
  const known = new Set(tables.map(({ table }) => table));
  for (const assertion of checks.assertions) {
    if (known.has(assertion.table)) continue;
    const near = didYouMean(assertion.table, [...known]);
    const reason = `the pipeline has no table '${assertion.table}'${near === undefined ? "" : `; ${near}`}`;
    tellProblem(env, assertionName(assertion), reason);
  }
};

const checkOne = async (quality: Quality, ref: TableRef): Promise<number | undefined> => {
  const { session, checks, report, env } = quality;
  const table = sqlName(ref, session.dialect);
  const assetKey = [ref.catalog, ref.schema, ref.table].filter((part) => part !== "");
  await runEvents(env.emit).checksStart(true, assetKey, env.context);
  const rows = checks.rowCount.enabled ? await countRows(quality, table) : undefined;
  const results = [
    ...(rows === undefined ? [] : [rows]),
    ...(await checkCustom(session, checks.custom, table, (check, reason) => tellProblem(env, check, reason))),
    ...(await assertAll(quality, ref, table)),
  ];
  if (results.length === 0) await refuseMissing(session, ref);
  report.checks.push({ asset_key: assetKey, checks: results });
  for (const { name, passed, severity } of results)
    runEvents(env.emit).check(assetKey, name, passed, severity);
  if (checks.quarantine?.enabled === true) {
    const own = checks.assertions.filter((assertion) => assertion.table === ref.table);
    const moved = await quarantine(session, ref, checks.quarantine, own);
    if (moved !== undefined) report.quarantine.push({ asset_key: assetKey, ...moved });
  }
  return rows === undefined ? undefined : Number(rows.target_count);
};

const fileFailure = (report: RunReport, assetKey: readonly string[], error: unknown): void => {
  report.tablesFailed += 1;
  report.errors.push({
    asset_key: assetKey,
    error: failureText(error),
    failure_kind: failureKindOf(error),
  });
};

/** A quality pipeline: checks over tables that somebody else made. */
export const runQuality = (
  env: RunEnvironment,
  { idempotencyKey }: RunRequest,
  pipeline: QualityPipeline,
): Promise<RunResult> => {
  const adapter = findAdapter(env.config, pipeline.target.adapter);
  const report = createReport({ pipelineType: "quality", adapterType: adapter.type, withCost: false });
  const key = idempotencyKey === undefined ? {} : { idempotencyKey };
  return withinRun({ env, report, pipeline: pipeline.name, ...key }, async ({ runId, state }) => {
    const { checks } = pipeline;
    const session = await env.session(adapter.name, checks.quarantine?.enabled === true ? "write" : "read");
    const quality: Quality = { env, session, checks, report };
    const snapshots: QualitySnapshot[] = [];
    const tables = await tablesOf(session, pipeline, report);
    tellUnasked(quality, tables);
    for (const ref of tables) {
      try {
        const rowCount = await checkOne(quality, ref);
        if (rowCount === undefined) continue;
        const recordedAt = new Date().toISOString();
        snapshots.push({ table: displayName(ref), runId, recordedAt, rowCount, nullRates: {} });
      } catch (error) {
        if (isInterruption(error)) throw error;
        fileFailure(report, [ref.catalog, ref.schema, ref.table], error);
      }
    }
    if (snapshots.length > 0) await recordQuality(state, snapshots);
    const broken = report.checks.some((table) =>
      table.checks.some((check) => !check.passed && check.severity === "error"),
    );
    const rejected = broken && checks.failOnError;
    return rejected ? { recorded: "Failure", rejected } : undefined;
  });
};

import type { EngineCheck, RunOutput } from "../outputs/run.ts";
import { decodeRun } from "../outputs/run.ts";
import { type PipesCheck, type PipesMaterialization, type PipesMessage, plainValue } from "./messages.ts";

/** Why a check has no verdict; the first of several causes that holds is shown. */
const CAUSES: readonly string[] = [
  "copy_failed",
  "excluded",
  "not_produced",
  "pruned_unchanged",
  "not_reached",
  "unknown",
];
const CAUSE_LABEL = "rocky/not_evaluated_cause";
const PRUNED = "pruned_unchanged";
/** A change of columns travels as a check of this name. */
const DRIFT = "drift";

const path = (assetKey: string): readonly string[] => assetKey.split("/");

const plain = (metadata: Readonly<Record<string, unknown>>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(metadata).map(([label, value]) => [label, plainValue(value)]));

const causeOf = ({ metadata }: PipesCheck): string | undefined => {
  const cause = plainValue(metadata[CAUSE_LABEL]);
  return typeof cause === "string" ? cause : undefined;
};

const rank = (cause: string): number => {
  const at = CAUSES.indexOf(cause);
  return at < 0 ? CAUSES.length : at;
};

/** One row for each asset and check: a real result beats any cause, then the weightiest cause. */
const settledChecks = (checks: readonly PipesCheck[]): readonly PipesCheck[] => {
  const best = new Map<string, PipesCheck>();
  for (const check of checks) {
    const id = JSON.stringify([check.assetKey, check.checkName]);
    const before = best.get(id);
    const [cause, causeBefore] = [causeOf(check), before && causeOf(before)];
    const isBetter =
      before === undefined ||
      (causeBefore !== undefined && (cause === undefined || rank(cause) < rank(causeBefore)));
    if (isBetter) best.set(id, check);
  }
  return [...best.values()];
};

const checkRow = (check: PipesCheck): object => {
  const cause = causeOf(check);
  return {
    ...plain(check.metadata),
    name: check.checkName,
    passed: check.passed && cause === undefined,
    severity: check.severity.toLowerCase() === "warn" || cause !== undefined ? "warning" : "error",
    ...(cause === undefined ? {} : { not_evaluated: cause }),
  };
};

const rowsByAsset = (checks: readonly PipesCheck[]): object[] => {
  const byAsset = new Map<string, object[]>();
  for (const check of checks) {
    const rows = byAsset.get(check.assetKey) ?? [];
    rows.push(checkRow(check));
    byAsset.set(check.assetKey, rows);
  }
  return [...byAsset].map(([assetKey, rows]) => ({ asset_key: path(assetKey), checks: rows }));
};

const materialized = ({ assetKey, metadata }: PipesMaterialization): object => {
  const facts = plain(metadata);
  return {
    asset_key: path(assetKey),
    duration_ms: facts.duration_ms,
    rows_copied: facts.rows_copied,
    metadata: facts,
    ...(typeof facts.partition_key === "string" ? { partition: { key: facts.partition_key } } : {}),
  };
};

const driftAction = ({ metadata }: PipesCheck): object => {
  const facts = plain(metadata);
  return { table: facts.table ?? "", action: facts.action ?? DRIFT, reason: facts.reason ?? "" };
};

/** What the messages of one engine process say, in the form of a run's output. */
export const runFromMessages = (messages: readonly PipesMessage[]): RunOutput => {
  const written = messages.flatMap((message) => (message.kind === "materialization" ? [message.value] : []));
  const checks = messages.flatMap((message) => (message.kind === "check" ? [message.value] : []));
  const drifts = checks.filter(({ checkName }) => checkName === DRIFT);
  const settled = settledChecks(checks.filter(({ checkName }) => checkName !== DRIFT));
  const pruned = settled.filter((check) => causeOf(check) === PRUNED);
  return decodeRun({
    command: "run",
    tables_copied: written.length,
    materializations: written.map(materialized),
    check_results: rowsByAsset(settled.filter((check) => causeOf(check) !== PRUNED)),
    drift: { tables_drifted: drifts.length, actions_taken: drifts.map(driftAction) },
    excluded_tables: [...new Set(pruned.map(({ assetKey }) => assetKey))].map((assetKey) => ({
      asset_key: path(assetKey),
      reason: "unchanged_since_last_copy",
    })),
  });
};

/** Messages carry names in Dagster's form, with underscores for everything unusual. */
const checkId = (assetKey: readonly string[], name: string): string =>
  JSON.stringify([assetKey, name.replace(/[^A-Za-z0-9_]/g, "_")]);

const checkIds = (run: RunOutput): ReadonlySet<string> =>
  new Set(
    run.checkResults.flatMap(({ assetKey, checks }) => checks.map(({ name }) => checkId(assetKey, name))),
  );

/** The run's own output is the verdict; checks that only the messages know are added to it. */
export const withMessages = (run: RunOutput, messages: readonly PipesMessage[]): RunOutput => {
  const said = runFromMessages(messages);
  const known = checkIds(run);
  const isNew = (assetKey: readonly string[], { name }: EngineCheck): boolean =>
    !known.has(checkId(assetKey, name));
  const added = said.checkResults
    .map(({ assetKey, checks }) => ({ assetKey, checks: checks.filter((check) => isNew(assetKey, check)) }))
    .filter(({ checks }) => checks.length > 0);
  return { ...run, checkResults: [...run.checkResults, ...added] };
};

import { AssetKey, Failure, type MetadataInput, MetadataValue } from "@dagster-rocky/dagster";
import type { RunOutput } from "../resource/outputs/run.ts";
import { type Problem, problemFailure, problemText } from "./failure-text.ts";
import { type Ledger, type OwedAsset, QUOTA } from "./ledger.ts";

/** What the verdict must know besides the ledger. */
export interface VerdictCircumstances {
  /** Why the engine calls did not all happen, when they did not. */
  readonly cutShortBy?: Failure;
  /** Assets that need no report: ids of `AssetKey.id`. */
  readonly excused: ReadonlySet<string>;
  /** True when the engine may have worked on tables that are not selected. */
  readonly widerThanSelection: boolean;
}

const DEFAULT_RETRY_AFTER_SECONDS = 300;

const skipped = (run: RunOutput): boolean => run.status === "SkippedIdempotent";

const assetProblem = (asset: OwedAsset, ledger: Ledger): Problem | undefined => {
  const subject = AssetKey.toUserString(asset.key);
  const outcome = ledger.outcomeOf(asset.key);
  switch (outcome?.kind) {
    case "materialized":
    case "unchanged":
      return undefined;
    case "failed":
      return { subject, reason: outcome.error.error };
    case "contained":
      return {
        subject,
        reason: `not built, blocked by ${outcome.contained.blockedBy.join(", ")}. ${outcome.contained.unblockHint}`,
      };
    case "excluded":
      return { subject, reason: `the engine left the table out: ${outcome.reason}` };
    case undefined:
      return { subject, reason: "the engine did not report it" };
  }
};

/** What a run says about itself as a whole. */
export const runProblems = (run: RunOutput): readonly string[] => {
  const problems: string[] = [];
  if (run.interrupted) problems.push("the engine was interrupted before it was done");
  if (run.status === "Failure" || run.status === "PartialFailure")
    problems.push(`the engine ended with status ${run.status}`);
  if (run.status === "SkippedInFlight")
    problems.push(
      `another run with the same idempotency key is at work (${run.skippedByRunId ?? "run unknown"})`,
    );
  if (run.tablesFailed > 0) problems.push(`${run.tablesFailed} tables failed`);
  if (run.verifyAfterFailed !== undefined && run.verifyAfterFailed !== false && run.verifyAfterFailed !== 0)
    problems.push("the verification after the run failed");
  return problems;
};

const quotaOf = (ledger: Ledger) =>
  ledger.runs.flatMap((run) => run.errors).filter((error) => error.failureKind === QUOTA);

const quotaMetadata = (ledger: Ledger): MetadataInput => {
  const breaches = quotaOf(ledger);
  if (breaches.length === 0) return {};
  const cooldowns = breaches.flatMap(({ cooldownSeconds }) =>
    cooldownSeconds === undefined ? [] : [cooldownSeconds],
  );
  const seconds = cooldowns.length === 0 ? DEFAULT_RETRY_AFTER_SECONDS : Math.max(...cooldowns);
  return { retry_after_seconds: MetadataValue.int(Math.round(seconds)), failure_kind: QUOTA };
};

export const hitQuota = (run: RunOutput): boolean => run.errors.some((error) => error.failureKind === QUOTA);

/**
 * The outcome of a step that copied tables, once all of its events are out: undefined when every selected
 * table was written or is known to be current, else what to fail with.
 */
export const copyVerdict = (
  owed: readonly OwedAsset[],
  ledger: Ledger,
  circumstances: VerdictCircumstances,
): Failure | undefined => {
  const { cutShortBy, excused, widerThanSelection } = circumstances;
  const repeated = ledger.runs.some(skipped);
  const problems: Problem[] = [];
  for (const asset of owed) {
    if (excused.has(AssetKey.id(asset.key))) continue;
    const problem = assetProblem(asset, ledger);
    // An earlier run with the same idempotency key has written what this one was asked for.
    if (problem !== undefined && !(repeated && ledger.outcomeOf(asset.key) === undefined))
      problems.push(problem);
  }
  const missed = problems.length;
  const elsewhere = ledger.otherErrors.map(({ assetKey, error }): Problem => {
    const subject = assetKey.join("/");
    return subject === "" ? { reason: error } : { subject, reason: error };
  });
  const ofRuns = ledger.runs.flatMap(runProblems);

  if (cutShortBy !== undefined) {
    const done =
      ledger.runs.length > 0 && missed > 0 ? problemText("\nNot written because of that", problems) : "";
    return new Failure(cutShortBy.message + done, {
      metadata: cutShortBy.metadata,
      allowRetries: cutShortBy.allowRetries,
      cause: cutShortBy,
    });
  }
  // Other tables of the same sources may fail without touching what was asked for.
  if (missed === 0 && widerThanSelection && !ledger.runs.some((run) => run.interrupted))
    return gateVerdict(ledger);
  if (missed === 0 && ofRuns.length === 0) return gateVerdict(ledger);
  const all = [
    ...problems,
    ...elsewhere,
    ...(missed === 0 ? ofRuns.map((reason): Problem => ({ reason })) : []),
  ];
  const headline =
    missed === 0
      ? "The engine reports a failed run"
      : `${missed} of ${owed.length} assets were not materialized`;
  return problemFailure(headline, all, {
    metadata: {
      "rocky/failed_assets": problems.flatMap(({ subject }) => (subject === undefined ? [] : [subject])),
      ...(ofRuns.length === 0 ? {} : { "rocky/run_problems": [...new Set(ofRuns)].join("; ") }),
      ...quotaMetadata(ledger),
    },
    allowRetries: true,
  });
};

/**
 * The engine's gate is closed by a failing check. When that check is shown as a result, the result is the
 * verdict, and Dagster decides what it blocks; when nothing shows it, the step has to.
 */
const gateVerdict = (ledger: Ledger): Failure | undefined => {
  if (!ledger.runs.some((run) => run.checkGateFailed) || ledger.failingCheckShown) return undefined;
  const reasons =
    ledger.hiddenFailures.length === 0 ? ["the engine does not say which"] : ledger.hiddenFailures;
  return problemFailure(
    "The engine's check gate failed on checks that no selected asset shows",
    reasons.map((reason): Problem => ({ reason })),
  );
};

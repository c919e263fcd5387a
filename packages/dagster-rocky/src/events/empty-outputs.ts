import { AssetEvent, AssetKey, type StepLogger } from "@dagster-rocky/dagster";
import type { Ledger, OwedAsset } from "./ledger.ts";

/** The label that marks a zero-row materialization. */
const EMPTY_FOR_PARTITION = "rocky/empty_for_partition";

/** An error that the engine counted but did not describe could be any table's. */
const hasHiddenErrors = (ledger: Ledger): boolean =>
  ledger.runs.some((run) => run.tablesFailed > run.errors.length);

/** Assets that the engine neither wrote nor failed on: there was nothing to copy for them. */
const emptyAssets = (owed: readonly OwedAsset[], ledger: Ledger): readonly OwedAsset[] =>
  owed.filter(({ key }) => {
    const kind = ledger.outcomeOf(key)?.kind;
    return kind === undefined || kind === "unchanged" || kind === "excluded";
  });

/**
 * With `satisfy_empty_outputs`: a zero-row materialization for each asset that had nothing to copy, so that
 * downstream assets are not held up. The metadata says that nothing was written.
 */
export const emptyOutputs = (
  owed: readonly OwedAsset[],
  ledger: Ledger,
  log: StepLogger,
): readonly AssetEvent[] => {
  if (hasHiddenErrors(ledger)) {
    log.warn("The engine counts more failed tables than it names, so that no asset is marked as empty");
    return [];
  }
  return emptyAssets(owed, ledger)
    .toSorted((a, b) => (AssetKey.toUserString(a.key) < AssetKey.toUserString(b.key) ? -1 : 1))
    .map(({ key }) => {
      const outcome = ledger.outcomeOf(key);
      const unchanged = outcome?.kind === "unchanged";
      const reason =
        outcome?.kind === "excluded"
          ? `the engine left the table out: ${outcome.reason}`
          : unchanged
            ? "the source has not changed since the last copy"
            : "the engine had nothing to copy";
      return AssetEvent.materialize({
        assetKey: key,
        description: `Nothing written: ${reason}`,
        metadata: {
          [EMPTY_FOR_PARTITION]: true,
          "rocky/reason": reason,
          "rocky/pruned_unchanged": unchanged,
          "dagster/row_count": 0,
        },
      });
    });
};

/** What `emptyOutputs` covered, so that the verdict does not ask for it. */
export const coveredByEmptyOutputs = (owed: readonly OwedAsset[], ledger: Ledger): ReadonlySet<string> =>
  new Set(hasHiddenErrors(ledger) ? [] : emptyAssets(owed, ledger).map(({ key }) => AssetKey.id(key)));

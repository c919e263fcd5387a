import {
  AssetCheckKey,
  type AssetCheckResult,
  type AssetEvent,
  AssetKey,
  type CheckRecord,
  type StepLogger,
} from "@dagster-rocky/dagster";
import { placeholderCheck } from "./check-results.ts";
import type { Ledger, OwedAsset } from "./ledger.ts";

/** Reads the last verdict of a check, to carry it over for a table that has not changed. */
export type LatestCheck = (check: AssetCheckKey) => Promise<CheckRecord | undefined>;

const carriedOver = async (
  key: AssetKey,
  name: string,
  latestCheck: LatestCheck,
): Promise<AssetCheckResult> => {
  const last = await latestCheck(AssetCheckKey.of(key, name));
  const pruned = { "rocky/pruned_unchanged": true };
  return last === undefined
    ? placeholderCheck(key, name, true, "the table is unchanged and has no earlier verdict", pruned)
    : placeholderCheck(
        key,
        name,
        last.passed,
        "the table is unchanged: last verdict carried over",
        pruned,
        last.severity,
      );
};

const groupNote = (name: string, carrier: AssetKey | undefined): string =>
  carrier === undefined
    ? `The engine reported no result of the check ${name}, which compares several sources`
    : `The engine reported the check ${name}, which compares several sources, on ${AssetKey.toUserString(carrier)}`;

/**
 * A result for each owed check that the engine gave none for. Silence of the engine is never a pass: an
 * unchanged table keeps its last verdict, everything else fails as a warning that says why.
 */
export async function* placeholderChecks(
  owed: readonly OwedAsset[],
  ledger: Ledger,
  latestCheck: LatestCheck,
  log: StepLogger,
): AsyncGenerator<AssetEvent> {
  const groupNotes = new Set<string>();
  for (const { key, checks } of owed) {
    const outcome = ledger.outcomeOf(key);
    for (const { name, origin } of checks) {
      if (ledger.hasResult(key, name)) continue;
      ledger.settle(key, name);
      if (origin === "group") {
        groupNotes.add(groupNote(name, ledger.carriers.get(name)));
        continue;
      }
      switch (outcome?.kind) {
        case "unchanged":
          yield await carriedOver(key, name, latestCheck);
          break;
        case "contained": {
          const { blockedBy, unblockHint } = outcome.contained;
          yield placeholderCheck(
            key,
            name,
            false,
            `not built: blocked by ${blockedBy.join(", ")}. ${unblockHint}`.trim(),
          );
          break;
        }
        case "materialized":
          yield placeholderCheck(key, name, false, `not produced by rocky (check type: ${name})`);
          break;
        case "failed":
        case "excluded":
        case undefined:
          yield placeholderCheck(key, name, false, "table not materialized");
          break;
      }
    }
  }
  for (const note of groupNotes) log.info(note);
}

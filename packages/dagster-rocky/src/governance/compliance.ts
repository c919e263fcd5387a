import { AssetEvent, AssetKey, type AssetCheckResult } from "@dagster-rocky/dagster";
import { COMPLIANCE_CHECK } from "../checks/names.ts";
import { placeholderCheck } from "../events/check-results.ts";
import type { ComplianceOutput } from "../resource/outputs/reports.ts";

type Exception = ComplianceOutput["exceptions"][number];

/** The asset of a model: models and tables share their last name part; of several the last one counts. */
export const byLeaf = (keys: readonly AssetKey[]): ReadonlyMap<string, AssetKey> =>
  new Map(keys.map((key) => [key.path.at(-1) ?? "", key]));

const failing = (
  key: AssetKey,
  rows: readonly Exception[],
  summary: ComplianceOutput["summary"],
): AssetCheckResult =>
  AssetEvent.check({
    assetKey: key,
    checkName: COMPLIANCE_CHECK,
    passed: false,
    severity: "WARN",
    metadata: {
      "rocky/compliance_exception_count": rows.length,
      "rocky/compliance_models": rows
        .map(({ model, column, env }) => `${model}.${column} (${env})`)
        .join("; "),
      "rocky/compliance_reasons": [...new Set(rows.map(({ reason }) => reason))].join("; "),
      "rocky/compliance_total_classified": summary.totalClassified,
      "rocky/compliance_total_exceptions": summary.totalExceptions,
      "rocky/compliance_total_masked": summary.totalMasked,
    },
  });

const passing = (key: AssetKey, summary: ComplianceOutput["summary"]): AssetCheckResult =>
  AssetEvent.check({
    assetKey: key,
    checkName: COMPLIANCE_CHECK,
    passed: true,
    severity: "WARN",
    metadata: {
      status: "no compliance_exception reported by rocky",
      "rocky/compliance_exception_count": 0,
      "rocky/compliance_total_classified": summary.totalClassified,
      "rocky/compliance_total_exceptions": summary.totalExceptions,
      "rocky/compliance_total_masked": summary.totalMasked,
    },
  });

/** What a compliance report says about the given assets, and models that none of them shows. */
export const complianceResults = (
  keys: readonly AssetKey[],
  output: ComplianceOutput,
  isMaterialized: (key: AssetKey) => boolean,
): { readonly results: readonly AssetCheckResult[]; readonly strangers: readonly string[] } => {
  const owners = byLeaf(keys);
  const rowsByAsset = new Map<string, Exception[]>();
  const strangers = new Set<string>();
  for (const row of output.exceptions) {
    const owner = owners.get(row.model);
    if (owner === undefined) {
      strangers.add(row.model);
      continue;
    }
    const id = AssetKey.id(owner);
    const rows = rowsByAsset.get(id);
    if (rows === undefined) rowsByAsset.set(id, [row]);
    else rows.push(row);
  }
  const results = keys.flatMap((key) => {
    const rows = rowsByAsset.get(AssetKey.id(key));
    if (rows !== undefined) return [failing(key, rows, output.summary)];
    // Whether a table that was not written complies is for its placeholder to say.
    return isMaterialized(key) ? [passing(key, output.summary)] : [];
  });
  return { results, strangers: [...strangers] };
};

/** The report could not be made: no asset passes for that. */
export const complianceUnknown = (keys: readonly AssetKey[], reason: string): readonly AssetCheckResult[] =>
  keys.map((key) => placeholderCheck(key, COMPLIANCE_CHECK, false, "not_evaluated", { reason }));

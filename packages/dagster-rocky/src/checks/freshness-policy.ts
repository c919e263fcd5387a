import type { FreshnessPolicy } from "@dagster-rocky/dagster";
import type { ModelFreshness } from "../resource/outputs/compile.ts";
import type { ChecksConfig } from "../resource/outputs/discover.ts";
import type { ModelDetail } from "../translator/inputs.ts";

const SECONDS: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86400 };

const failAfter = (seconds: number): FreshnessPolicy => ({ kind: "timeWindow", failWindow: seconds });

/** The policy of a replication pipeline, from `checks.freshness.threshold_seconds`. */
export const freshnessPolicyFromChecks = (checks: ChecksConfig | undefined): FreshnessPolicy | undefined =>
  checks?.freshness && failAfter(checks.freshness.thresholdSeconds);

/**
 * The policy of a model: its `max_lag_seconds`, else the shorter of `warn_after` and `error_after`
 * (`<n>s|m|h|d`). Undefined without a usable budget.
 */
export function freshnessPolicyFromModel(freshness: ModelFreshness | undefined): FreshnessPolicy | undefined {
  if (!freshness) return undefined;
  const budgets =
    freshness.maxLagSeconds === undefined
      ? [duration(freshness.warnAfter), duration(freshness.errorAfter)]
      : [freshness.maxLagSeconds];
  const seconds = budgets.filter((budget) => budget !== undefined && budget > 0);
  return seconds.length === 0 ? undefined : failAfter(Math.min(...(seconds as number[])));
}

/** Policies of all models that have one, by model name. */
export function perModelFreshnessPolicies(
  models: readonly ModelDetail[],
): ReadonlyMap<string, FreshnessPolicy> {
  const policies = new Map<string, FreshnessPolicy>();
  for (const model of models) {
    const policy = freshnessPolicyFromModel(model.freshness);
    if (policy) policies.set(model.name, policy);
  }
  return policies;
}

function duration(text: string | undefined): number | undefined {
  const found = /^([1-9]\d*)([smhd])$/.exec(text ?? "");
  return found?.[2] === undefined ? undefined : Number(found[1]) * (SECONDS[found[2]] ?? 0);
}

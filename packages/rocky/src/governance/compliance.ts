import type { MaskConfig, MaskStrategy } from "../config/index.ts";
import type { Model } from "../models/index.ts";
import type {
  ComplianceColumn,
  ComplianceException,
  ComplianceOutput,
} from "../output/schemas/compliance.ts";

/** The label of what `[mask]` says without an environment. */
export const DEFAULT_ENVIRONMENT = "default";

/** The strategy that a classification tag gets in an environment; undefined when nothing says so. */
export const resolveMask = (mask: MaskConfig, tag: string, environment: string): MaskStrategy | undefined => {
  const own = (table: Readonly<Record<string, MaskStrategy>> | undefined): MaskStrategy | undefined =>
    table !== undefined && Object.hasOwn(table, tag) ? table[tag] : undefined;
  const overrides = Object.hasOwn(mask.environments, environment)
    ? mask.environments[environment]
    : undefined;
  return own(overrides) ?? own(mask.strategies);
};

/** One environment when one is named, else the default and every `[mask.<env>]`, sorted. */
const environmentsOf = (mask: MaskConfig, environment: string | undefined): readonly string[] =>
  environment === undefined ? [DEFAULT_ENVIRONMENT, ...Object.keys(mask.environments).sort()] : [environment];

export interface ComplianceRequest {
  readonly models: readonly Model[];
  readonly mask: MaskConfig;
  readonly allowUnmasked: readonly string[];
  readonly environment?: string;
  readonly exceptionsOnly: boolean;
}

const byName = (left: string, right: string): number => (left < right ? -1 : left > right ? 1 : 0);

/**
 * Says for every classified column which mask applies in every environment. A tag without a mask is an exception
 * unless it is on the allow list; the strategy `none` is a decision and counts as enforced.
 */
export const checkCompliance = (
  request: ComplianceRequest,
): Omit<ComplianceOutput, "version" | "command"> => {
  const environments = environmentsOf(request.mask, request.environment);
  const allowed = new Set(request.allowUnmasked);
  const columns: ComplianceColumn[] = [];
  const exceptions: ComplianceException[] = [];
  for (const model of [...request.models].sort((left, right) => byName(left.name, right.name)))
    for (const [column, classification] of Object.entries(model.classification).sort(([left], [right]) =>
      byName(left, right),
    )) {
      const envs = environments.map((env) => {
        const strategy = resolveMask(request.mask, classification, env);
        return { env, masking_strategy: strategy ?? "unresolved", enforced: strategy !== undefined };
      });
      columns.push({ model: model.name, column, classification, envs });
      if (allowed.has(classification)) continue;
      for (const { env, enforced } of envs)
        if (!enforced)
          exceptions.push({
            model: model.name,
            column,
            env,
            reason: `no masking strategy resolves for classification tag '${classification}'`,
          });
    }
  const excepted = new Set(exceptions.map(({ model, column }) => `${model}\u0000${column}`));
  return {
    summary: {
      total_classified: columns.length * environments.length,
      total_masked: columns.reduce(
        (sum, { envs }) => sum + envs.filter(({ enforced }) => enforced).length,
        0,
      ),
      total_exceptions: exceptions.length,
    },
    per_column: request.exceptionsOnly
      ? columns.filter(({ model, column }) => excepted.has(`${model}\u0000${column}`))
      : columns,
    exceptions,
  };
};

import type { RockyConfig } from "../config/index.ts";
import { DEFAULT_ENVIRONMENT, resolveMask } from "../governance/compliance.ts";
import type { RunProject } from "../run/project.ts";

/** What a run would tag, mask and retain; empty lists are left out. */
export const governanceActions = (
  config: RockyConfig,
  project: RunProject,
  environment: string | undefined,
): object => {
  const models = [...project.compiled.models.values()].map(({ model }) => model);
  const classified = models.flatMap((model) =>
    Object.entries(model.classification).map(([column, tag]) => ({ model: model.name, column, tag })),
  );
  const masked = classified.flatMap(({ model, column, tag }) => {
    const strategy = resolveMask(config.mask, tag, environment ?? DEFAULT_ENVIRONMENT);
    return strategy === undefined ? [] : [{ model, column, tag, resolved_strategy: strategy }];
  });
  const retained = models.flatMap(({ name, retention }) =>
    retention === undefined ? [] : [{ model: name, duration_days: retention.days }],
  );
  return {
    ...(classified.length === 0 ? {} : { classification_actions: classified }),
    ...(masked.length === 0 ? {} : { mask_actions: masked }),
    ...(retained.length === 0 ? {} : { retention_actions: retained }),
  };
};

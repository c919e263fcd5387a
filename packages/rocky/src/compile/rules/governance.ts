import type { RockyConfig } from "../../config/index.ts";
import { isTemporal } from "../rocky-type.ts";
import { diagnostic, type ModelRule } from "./rule.ts";

/** W004: a classified column whose tag says nothing about masking. */
export const unmaskedTags: ModelRule = ({ prepared }, name, { config }) => {
  if (config === undefined) return [];
  return Object.entries(prepared.model.classification)
    .filter(([, tag]) => !isCovered(tag, config))
    .map(([column, tag]) =>
      diagnostic("Warning", "W004", name, {
        message: `column '${column}' is classified '${tag}', for which no mask is configured`,
        suggestion: `add ${tag} = "hash" to [mask], or '${tag}' to [classifications] allow_unmasked`,
      }),
    );
};

const isCovered = (tag: string, config: Pick<RockyConfig, "mask" | "allowUnmasked">): boolean =>
  Object.hasOwn(config.mask.strategies, tag) ||
  Object.values(config.mask.environments).some((strategies) => Object.hasOwn(strategies, tag)) ||
  config.allowUnmasked.includes(tag);

/** W005: a table with dates in it, of which nobody says how fresh it should be. */
export const missingFreshness: ModelRule = (model, name, { config }) => {
  if (config?.freshness.expectedLagSeconds !== undefined) return [];
  if (model.prepared.model.freshness !== undefined) return [];
  const temporal = model.columns.filter((column) => isTemporal(column.type)).map((column) => column.name);
  if (temporal.length === 0) return [];
  const message = `no freshness is declared, although there is a column of time: ${temporal.join(", ")}`;
  const suggestion = `add to the sidecar: [freshness] max_lag_seconds = 3600, time_column = "${temporal[0] ?? ""}"`;
  return [diagnostic("Warning", "W005", name, { message, suggestion })];
};

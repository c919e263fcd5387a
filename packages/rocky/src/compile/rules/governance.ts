import type { RockyConfig } from "../../config/index.ts";
import { didYouMean } from "../../suggest.ts";
import { isTemporal } from "../rocky-type.ts";
import { columnNames, diagnostic, type ModelRule } from "./rule.ts";

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

/** Looking for what was meant compares all names of a model; of more mistakes than this the rest has a common cause. */
const MOST_SUGGESTED = 20;

/**
 * W007: a classified column that the model does not put out. Most often its name is mistyped, and then the column that
 * was meant goes without its mask.
 */
export const strayClassifications: ModelRule = (model, name) => {
  if (!model.complete) return [];
  const strays = Object.entries(model.prepared.model.classification).filter(
    ([column]) => model.table.find(column) === undefined,
  );
  const known = strays.length === 0 ? [] : model.table.columns.map((output) => output.name);
  return strays.map(([column, tag], index) =>
    diagnostic("Warning", "W007", name, {
      message: `column '${column}' is classified '${tag}' and not put out, so nothing is masked for it`,
      ...(index < MOST_SUGGESTED
        ? { suggestion: didYouMean(column, known) ?? `columns put out: ${columnNames(model)}` }
        : {}),
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

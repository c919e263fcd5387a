import type { Diagnostic } from "../diagnostic.ts";
import type { SemanticModel } from "../semantic-model.ts";
import { contractRules, strayContracts } from "./contracts.ts";
import { missingFreshness, strayClassifications, unmaskedTags } from "./governance.ts";
import { importedColumns, importedFiles } from "./imports.ts";
import { joinKeyTypes } from "./join-keys.ts";
import { mergeKeys } from "./merge-keys.ts";
import { portability } from "./portability.ts";
import type { ModelRule, ProjectRule, RuleContext } from "./rule.ts";
import { starUse, starWithReaders, untypedColumns } from "./stars.ts";
import { icebergOptions, sharedTargets } from "./targets.ts";
import { timeInterval } from "./time-interval.ts";
import { missingVariables } from "./variables.ts";

const MODEL_RULES: readonly ModelRule[] = [
  starUse,
  untypedColumns,
  timeInterval,
  mergeKeys,
  joinKeyTypes,
  contractRules,
  unmaskedTags,
  strayClassifications,
  missingFreshness,
  icebergOptions,
  missingVariables,
  portability,
  importedColumns,
];

const PROJECT_RULES: readonly ProjectRule[] = [starWithReaders, strayContracts, sharedTargets, importedFiles];

/** What is said about one model. */
export const diagnoseModel = (
  model: SemanticModel,
  name: string,
  context: RuleContext,
): readonly Diagnostic[] => MODEL_RULES.flatMap((rule) => rule(model, name, context));

/** What is said about the models taken together. */
export const diagnoseProject = (...args: Parameters<ProjectRule>): readonly Diagnostic[] =>
  PROJECT_RULES.flatMap((rule) => rule(...args));

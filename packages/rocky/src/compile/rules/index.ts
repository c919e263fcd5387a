import type { Diagnostic } from "../diagnostic.ts";
import { contractRules } from "./contracts.ts";
import { missingFreshness, unmaskedTags } from "./governance.ts";
import { imported } from "./imports.ts";
import { joinKeyTypes } from "./join-keys.ts";
import { mergeKeys } from "./merge-keys.ts";
import { portability } from "./portability.ts";
import type { Rule, RuleContext } from "./rule.ts";
import { starUse, starWithReaders, untypedColumns } from "./stars.ts";
import { icebergOptions, sharedTargets } from "./targets.ts";
import { timeInterval } from "./time-interval.ts";
import { missingVariables } from "./variables.ts";

const RULES: readonly Rule[] = [
  starUse,
  untypedColumns,
  timeInterval,
  mergeKeys,
  joinKeyTypes,
  contractRules,
  starWithReaders,
  unmaskedTags,
  missingFreshness,
  icebergOptions,
  missingVariables,
  sharedTargets,
  portability,
  imported,
];

export const diagnose = (context: RuleContext): readonly Diagnostic[] =>
  RULES.flatMap((rule) => rule(context));

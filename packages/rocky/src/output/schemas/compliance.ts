import { choice, flag, integer, list, object, text, type Static } from "../schema.ts";

const complianceException = object({ column: text, env: text, model: text, reason: text });

const envMaskingStatus = object({ enforced: flag, env: text, masking_strategy: text });

const columnClassificationStatus = object({
  classification: text,
  column: text,
  envs: list(envMaskingStatus),
  model: text,
});

const complianceSummary = object({
  total_classified: integer,
  total_exceptions: integer,
  total_masked: integer,
});

export const complianceSchema = object({
  command: choice("compliance"),
  exceptions: list(complianceException),
  per_column: list(columnClassificationStatus),
  summary: complianceSummary,
  version: text,
});
export type ComplianceOutput = Static<typeof complianceSchema>;
export type ComplianceColumn = Static<typeof columnClassificationStatus>;
export type ComplianceException = Static<typeof complianceException>;

import { choice, flag, integer, list, nullable, object, type Static, text, unknownValue } from "../schema.ts";
import { breakingFinding } from "./plan.ts";

const branchEntry = object(
  { name: text, schema_prefix: text, created_at: text, created_by: text },
  { description: nullable(text) },
);

export const branchSchema = object({
  version: text,
  command: choice("branch create", "branch show"),
  branch: branchEntry,
});
export type BranchOutput = Static<typeof branchSchema>;

export const branchListSchema = object({
  version: text,
  command: choice("branch list"),
  branches: list(branchEntry),
  total: integer,
});
export type BranchListOutput = Static<typeof branchListSchema>;

export const branchDeleteSchema = object({
  version: text,
  command: choice("branch delete"),
  name: text,
  removed: flag,
});
export type BranchDeleteOutput = Static<typeof branchDeleteSchema>;

const actor = object({ email: text, host: text, source: choice("local") }, { name: nullable(text) });

const auditEvent = object(
  { kind: text, branch: text, branch_state_hash: text, actor, at: text },
  { reason: text, breaking_changes: list(breakingFinding) },
);

const promotionTarget = object({
  source: text,
  source_catalog: text,
  source_schema: text,
  source_table: text,
  target: text,
  target_catalog: text,
  target_schema: text,
  target_table: text,
  strategy: text,
  statement: text,
  production_upstreams: list(unknownValue),
});

export const planPromoteSchema = object(
  {
    version: text,
    command: choice("plan promote"),
    plan_id: text,
    plan_kind: choice("promote"),
    created_at: text,
    branch_name: text,
    base_ref: text,
    head_ref: text,
    allow_breaking: flag,
    branch_state_hash: text,
    approvals_used: list(unknownValue),
    approvals_rejected: list(unknownValue),
    breaking_changes: list(breakingFinding),
    targets: list(promotionTarget),
    plan_audit: list(auditEvent),
  },
  { pipeline: text, filter: text, models: text },
);
export type PlanPromoteOutput = Static<typeof planPromoteSchema>;

export const branchPromoteSchema = object({
  version: text,
  command: choice("branch promote"),
  branch: text,
  branch_state_hash: text,
  success: flag,
  targets: list(object({ source: text, target: text, statement: text, succeeded: flag }, { error: text })),
  approvals_used: list(unknownValue),
  approvals_rejected: list(unknownValue),
  breaking_changes: list(breakingFinding),
  audit: list(auditEvent),
});
export type BranchPromoteOutput = Static<typeof branchPromoteSchema>;

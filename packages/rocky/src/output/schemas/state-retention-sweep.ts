import { flag, integer, list, object, text, type Static } from "../schema.ts";

export const stateRetentionSweepSchema = object({
  audit_deleted: integer,
  audit_kept: integer,
  command: text,
  domains: list(text),
  dry_run: flag,
  duration_ms: integer,
  lineage_deleted: integer,
  lineage_kept: integer,
  max_age_days: integer,
  min_runs_kept: integer,
  runs_deleted: integer,
  runs_kept: integer,
  traces_deleted: integer,
  version: text,
});
export type StateRetentionSweepOutput = Static<typeof stateRetentionSweepSchema>;

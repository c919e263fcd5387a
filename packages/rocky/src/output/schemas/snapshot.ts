import { choice, flag, integer, list, object, type Static, text } from "../schema.ts";

const snapshotStep = object({ step: text, sql: text, status: choice("ok", "dry_run"), duration_ms: integer });

export const snapshotSchema = object({
  version: text,
  command: choice("snapshot"),
  pipeline: text,
  source: text,
  target: text,
  dry_run: flag,
  steps: list(snapshotStep),
  steps_total: integer,
  steps_ok: integer,
  duration_ms: integer,
});
export type SnapshotOutput = Static<typeof snapshotSchema>;

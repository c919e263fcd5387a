import { choice, integer, list, object, type Static, text } from "../schema.ts";

const demand = object({
  demand_uid: text,
  pipeline: text,
  kind: text,
  token: text,
  body_hash: text,
  received_at: text,
});

const skipped = object({
  file: text,
  reason: choice("unreadable", "malformed", "bad_timestamp"),
  detail: text,
});

export const stateScheduleSpoolSchema = object({
  version: text,
  command: choice("state-schedule-spool"),
  spool_path: text,
  pending: list(demand),
  skipped: list(skipped),
  counts: object({ pending: integer, skipped: integer, corrupt: integer }),
});
export type StateScheduleSpoolOutput = Static<typeof stateScheduleSpoolSchema>;

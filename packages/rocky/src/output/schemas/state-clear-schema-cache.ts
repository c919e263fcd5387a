import { choice, flag, integer, object, text, type Static } from "../schema.ts";

export const stateClearSchemaCacheSchema = object({
  command: choice("state-clear-schema-cache"),
  dry_run: flag,
  entries_deleted: integer,
  version: text,
});
export type StateClearSchemaCacheOutput = Static<typeof stateClearSchemaCacheSchema>;

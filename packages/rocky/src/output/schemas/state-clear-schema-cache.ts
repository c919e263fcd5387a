import { choice, integer, object, text, type Static } from "../schema.ts";

export const stateClearSchemaCacheSchema = object({
  command: choice("state clear-schema-cache"),
  entries_removed: integer,
  version: text,
});
export type StateClearSchemaCacheOutput = Static<typeof stateClearSchemaCacheSchema>;

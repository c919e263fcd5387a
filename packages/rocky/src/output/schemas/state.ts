import { choice, integer, list, nullable, object, text, type Static } from "../schema.ts";

const watermarkEntry = object({ last_value: text, table: text, updated_at: text });

export const stateSchema = object(
  {
    command: choice("state"),
    schema_version_supported: integer,
    version: text,
    watermarks: list(watermarkEntry),
  },
  { schema_version_on_disk: nullable(integer) },
);
export type StateOutput = Static<typeof stateSchema>;

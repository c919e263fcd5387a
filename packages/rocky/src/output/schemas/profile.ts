import { choice, integer, list, nullable, number, object, type Static, text } from "../schema.ts";

const columnStats = object({
  name: text,
  type: text,
  rows: integer,
  nulls: integer,
  null_rate: number,
  distinct: integer,
  min: nullable(text),
  max: nullable(text),
  observed_values: list(text),
});

export const profileSchema = object(
  { version: text, command: choice("profile"), model: text, columns: list(columnStats) },
  { profiled_table: text, unavailable: text },
);
export type ProfileOutput = Static<typeof profileSchema>;

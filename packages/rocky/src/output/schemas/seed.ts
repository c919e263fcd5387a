import { choice, integer, list, nullable, object, text, type Static } from "../schema.ts";

const seedTableOutput = object(
  { columns: integer, duration_ms: integer, name: text, rows: integer, target: text },
  { error: nullable(text) },
);

export const seedSchema = object({
  command: choice("seed"),
  duration_ms: integer,
  seeds_dir: text,
  tables: list(seedTableOutput),
  tables_failed: integer,
  tables_loaded: integer,
  version: text,
});
export type SeedOutput = Static<typeof seedSchema>;

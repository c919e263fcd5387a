import { choice, flag, integer, list, nullable, object, text, type Static } from "../schema.ts";

const contractViolation = object({ column: text, message: text, rule: text });

const contractResult = object(
  { passed: flag, violations: list(contractViolation) },
  { warnings: list(text) },
);

const loadFileOutput = object(
  { bytes_read: integer, duration_ms: integer, file: text, rows_loaded: integer, target: text },
  { contract: nullable(contractResult), error: nullable(text) },
);

export const loadSchema = object({
  command: choice("load"),
  duration_ms: integer,
  files: list(loadFileOutput),
  files_failed: integer,
  files_loaded: integer,
  format: text,
  source_dir: text,
  total_bytes: integer,
  total_rows: integer,
  version: text,
});
export type LoadOutput = Static<typeof loadSchema>;

import { choice, flag, integer, list, nullable, object, text, type Static } from "../schema.ts";

const severity = choice("Error", "Warning", "Info");

const sourceSpan = object({ col: integer, file: text, line: integer });

const diagnostic = object(
  { code: text, message: text, model: text, severity: severity },
  { span: nullable(sourceSpan), suggestion: nullable(text) },
);

const testFailure = object({ error: text, name: text });

export const ciSchema = object({
  command: choice("ci"),
  compile_ok: flag,
  diagnostics: list(diagnostic),
  exit_code: integer,
  failures: list(testFailure),
  models_compiled: integer,
  tests_failed: integer,
  tests_ok: flag,
  tests_passed: integer,
  version: text,
});
export type CiOutput = Static<typeof ciSchema>;

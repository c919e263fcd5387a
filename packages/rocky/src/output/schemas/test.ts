import { choice, flag, integer, list, nullable, object, text, type Static } from "../schema.ts";

const testFailure = object({ error: text, name: text });

const declarativeTestResult = object(
  { model: text, severity: text, sql: text, status: text, table: text, test_type: text },
  { column: nullable(text), detail: nullable(text) },
);

const declarativeTestSummary = object({
  errored: integer,
  failed: integer,
  passed: integer,
  results: list(declarativeTestResult),
  total: integer,
  warned: integer,
});

const modelTestResult = object({ model: text, status: text }, { error: nullable(text) });

const mismatchKind = choice("missing", "extra", "value_diff");

const rowMismatch = object(
  { expected: text, kind: mismatchKind, row_index: integer },
  { actual: nullable(text) },
);

const unitTestResult = object(
  { model: text, passed: flag, test: text },
  { error: nullable(text), mismatches: list(rowMismatch) },
);

const unitTestSummary = object({
  failed: integer,
  passed: integer,
  results: list(unitTestResult),
  total: integer,
});

export const testSchema = object(
  {
    command: choice("test"),
    failed: integer,
    failures: list(testFailure),
    passed: integer,
    total: integer,
    version: text,
  },
  {
    declarative: nullable(declarativeTestSummary),
    model_results: list(modelTestResult),
    unit_tests: nullable(unitTestSummary),
  },
);
export type TestOutput = Static<typeof testSchema>;

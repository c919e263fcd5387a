import { choice, flag, integer, list, number, object, text, type Static } from "../schema.ts";

const tableCompareResult = object({
  production_count: integer,
  production_table: text,
  row_count_diff_pct: number,
  row_count_match: flag,
  schema_diffs: list(text),
  schema_match: flag,
  shadow_count: integer,
  shadow_table: text,
  verdict: text,
});

export const compareSchema = object({
  command: choice("compare"),
  filter: text,
  overall_verdict: text,
  results: list(tableCompareResult),
  tables_compared: integer,
  tables_failed: integer,
  tables_passed: integer,
  tables_warned: integer,
  version: text,
});
export type CompareOutput = Static<typeof compareSchema>;

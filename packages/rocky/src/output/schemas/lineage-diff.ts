import { choice, integer, list, nullable, object, text, type Static } from "../schema.ts";

const columnChangeType = choice("added", "removed", "type_changed");

const lineageQualifiedColumn = object({ column: text, model: text });

const lineageColumnChange = object(
  { change_type: columnChangeType, column_name: text },
  { downstream_consumers: list(lineageQualifiedColumn), new_type: nullable(text), old_type: nullable(text) },
);

const modelDiffStatus = choice("unchanged", "modified", "added", "removed");

const lineageDiffResult = object({
  column_changes: list(lineageColumnChange),
  model_name: text,
  status: modelDiffStatus,
});

const diffSummary = object({
  added: integer,
  modified: integer,
  removed: integer,
  total_models: integer,
  unchanged: integer,
});

export const lineageDiffSchema = object({
  base_ref: text,
  command: text,
  head_ref: text,
  markdown: text,
  results: list(lineageDiffResult),
  summary: diffSummary,
  version: text,
});
export type LineageDiffOutput = Static<typeof lineageDiffSchema>;

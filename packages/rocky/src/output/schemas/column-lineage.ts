import { choice, list, object, text, type Static } from "../schema.ts";

const lineageQualifiedColumn = object({ column: text, model: text });

const lineageEdgeRecord = object({
  source: lineageQualifiedColumn,
  target: lineageQualifiedColumn,
  transform: text,
});

export const columnLineageSchema = object(
  {
    column: text,
    command: choice("lineage"),
    direction: text,
    model: text,
    trace: list(lineageEdgeRecord),
    version: text,
  },
  { downstream_consumers: list(lineageQualifiedColumn) },
);
export type ColumnLineageOutput = Static<typeof columnLineageSchema>;

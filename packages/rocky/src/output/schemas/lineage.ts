import { choice, list, nullable, object, text, type Static } from "../schema.ts";

const lineageColumnDef = object({ name: text }, { data_type: nullable(text) });

const lineageQualifiedColumn = object({ column: text, model: text });

const lineageEdgeRecord = object({
  source: lineageQualifiedColumn,
  target: lineageQualifiedColumn,
  transform: text,
});

const lineageNodeDef = object({ model: text }, { source_id: nullable(text), target_schema: nullable(text) });

export const lineageSchema = object(
  {
    columns: list(lineageColumnDef),
    command: choice("lineage"),
    downstream: list(text),
    edges: list(lineageEdgeRecord),
    model: text,
    upstream: list(text),
    version: text,
  },
  { nodes: list(lineageNodeDef) },
);
export type LineageOutput = Static<typeof lineageSchema>;

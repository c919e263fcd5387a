import { choice, integer, list, nullable, object, text, type Static } from "../schema.ts";

const dagRunNodeOutput = object(
  { duration_ms: integer, id: text, kind: text, label: text, layer: integer, status: text },
  { error: nullable(text) },
);

export const dagRunSchema = object(
  {
    command: choice("run"),
    completed: integer,
    duration_ms: integer,
    failed: integer,
    nodes: list(dagRunNodeOutput),
    skipped: integer,
    total_layers: integer,
    total_nodes: integer,
    version: text,
  },
  { warnings: list(text) },
);
export type DagRunOutput = Static<typeof dagRunSchema>;

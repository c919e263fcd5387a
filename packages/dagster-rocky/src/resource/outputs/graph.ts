import {
  asItCame,
  type Decoder,
  defaulted,
  type Infer,
  list,
  many,
  object,
  optional,
  record,
  required,
  text,
} from "../decode.ts";
import { modelFreshness, strategy, target } from "./compile.ts";

export interface QualifiedColumn {
  readonly model: string;
  readonly column: string;
}
const qualifiedColumn = asItCame<QualifiedColumn>({ model: text, column: text });

const copiedEdge = object({
  source: required("source", qualifiedColumn),
  target: required("target", qualifiedColumn),
  transform: defaulted("transform", text, ""),
});
export type LineageEdge = Infer<typeof copiedEdge>;
const wholeEdge = asItCame<LineageEdge>({
  source: qualifiedColumn,
  target: qualifiedColumn,
  transform: text,
});

/** A project has more of these than of anything else. */
export const lineageEdge: Decoder<LineageEdge> = (value) =>
  typeof record(value).transform === "string" ? wholeEdge(value) : copiedEdge(value);

const dagNode = object({
  id: required("id", text),
  kind: required("kind", text),
  label: required("label", text),
  pipeline: optional("pipeline", text),
  target: optional("target", target),
  strategy: optional("strategy", strategy),
  partitionShape: optional(
    "partition_shape",
    object({ granularity: required("granularity", text), firstPartition: optional("first_partition", text) }),
  ),
  freshness: optional("freshness", modelFreshness),
  dependsOn: many("depends_on", text),
});
export type DagNode = Infer<typeof dagNode>;

/** What definitions are made from: a state's graph has more, which nothing reads when a location loads. */
const shownGraph = {
  schemaVersion: optional("schema_version", (value: unknown): string => String(value)),
  nodes: required("nodes", list(dagNode)),
  columnLineage: many("column_lineage", lineageEdge),
  columnLineageUnavailable: optional("column_lineage_unavailable", text),
};
export const decodeShownGraph = object(shownGraph);
export type ShownGraph = Infer<typeof decodeShownGraph>;

/** `rocky dag`. */
export const decodeDag = object({
  ...shownGraph,
  edges: many(
    "edges",
    object({
      from: required("from", text),
      to: required("to", text),
      edgeType: defaulted("edge_type", text, "data"),
    }),
  ),
  executionLayers: many("execution_layers", list(text)),
});
export type DagOutput = Infer<typeof decodeDag>;

/** `rocky lineage MODEL`. */
export const decodeModelLineage = object({
  model: required("model", text),
  upstream: many("upstream", text),
  downstream: many("downstream", text),
  edges: required("edges", list(lineageEdge)),
});
export type ModelLineageOutput = Infer<typeof decodeModelLineage>;

/** `rocky lineage MODEL --column C`. */
export const decodeColumnLineage = object({
  model: required("model", text),
  column: required("column", text),
  direction: defaulted("direction", text, "upstream"),
  trace: required("trace", list(lineageEdge)),
});
export type ColumnLineageOutput = Infer<typeof decodeColumnLineage>;

/** Either form: the column form has `trace`. */
export const decodeLineage = (value: unknown): ModelLineageOutput | ColumnLineageOutput =>
  typeof value === "object" && value !== null && "trace" in value
    ? decodeColumnLineage(value)
    : decodeModelLineage(value);

import {
  type JsonObject,
  type JsonValue,
  type Metadata,
  type MetadataInput,
  MetadataValue,
  type RawMetadataValue,
} from "./metadata.ts";

const KINDS: ReadonlySet<string> = new Set<MetadataValue["kind"]>([
  "text",
  "url",
  "path",
  "notebook",
  "json",
  "markdown",
  "float",
  "int",
  "bool",
  "timestamp",
  "null",
  "asset",
  "run",
  "job",
  "pythonArtifact",
  "table",
  "tableSchema",
  "columnLineage",
  "codeReferences",
  "pool",
  "codeLocationReconstruction",
]);

const isTyped = (value: object): value is MetadataValue =>
  "kind" in value && typeof value.kind === "string" && KINDS.has(value.kind);

/** A plain value becomes a typed one; an object whose `kind` is a metadata kind is taken as typed. */
export function coerceMetadataValue(raw: RawMetadataValue): MetadataValue {
  switch (typeof raw) {
    case "string":
      return MetadataValue.text(raw);
    case "boolean":
      return MetadataValue.bool(raw);
    case "bigint":
      return MetadataValue.int(raw);
    case "number":
      return Number.isSafeInteger(raw) ? MetadataValue.int(raw) : MetadataValue.float(raw);
    default:
      if (raw === null) return MetadataValue.null();
      if (raw instanceof Date) return MetadataValue.timestamp(raw);
      return isTyped(raw) ? raw : MetadataValue.json(raw as JsonObject | readonly JsonValue[]);
  }
}

/** Keeps the order of labels, which is the order in which the UI lists them. */
export function coerceMetadata(input: MetadataInput): Metadata {
  const metadata: Record<string, MetadataValue> = {};
  for (const label of Object.keys(input)) {
    const raw = input[label];
    if (raw !== undefined) metadata[label] = coerceMetadataValue(raw);
  }
  return metadata;
}

import { coerceMetadata, coerceMetadataValue } from "../definitions/coerce-metadata.ts";
import { DefinitionsError } from "../definitions/errors.ts";
import {
  CODE_REFERENCES,
  type CodeReference,
  type MetadataInput,
  type MetadataValue,
  type TableColumn,
  type TableColumnLineage,
  type TableSchema,
} from "../definitions/metadata.ts";
import {
  float,
  nestTemplate,
  type WireFilled,
  type WireObject,
  type WireText,
  type WireValue,
  wire,
  wireTemplate,
  wireText,
  writeWire,
} from "../wire/index.ts";
import { assetKey, keyTemplate } from "./keys.ts";

const entry = wireTemplate("EventMetadataEntry", ["label", "entry_data"], { description: null });
const textEntry = nestTemplate(entry, "entry_data", wireTemplate("TextMetadataEntryData", ["text"]));
const lineageEntry = nestTemplate(
  entry,
  "entry_data",
  nestTemplate(
    wireTemplate("TableColumnLineageMetadataValue", ["column_lineage"]),
    "column_lineage",
    wireTemplate("TableColumnLineage", ["deps_by_column"]),
  ),
);

/**
 * The list form that most classes carry under `metadata_entries`; order is kept. `codeReferences` are for metadata that
 * has none.
 */
export function metadataEntries(
  metadata: MetadataInput,
  codeReferences?: MetadataValue,
): readonly (WireFilled | WireText)[] {
  const entries: (WireFilled | WireText)[] = [];
  for (const label of Object.keys(metadata)) {
    const raw = metadata[label];
    if (raw === undefined) continue;
    const value = coerceMetadataValue(raw);
    entries.push(entryOf(label, value));
  }
  if (codeReferences !== undefined && metadata[CODE_REFERENCES] === undefined)
    entries.push(writtenReferences(codeReferences));
  return entries;
}

/** Texts are by far the most frequent kind; lineage is the largest. */
function entryOf(label: string, value: MetadataValue): WireFilled {
  if (value.kind === "text") return textEntry({ label, text: value.text });
  if (value.kind === "columnLineage")
    return lineageEntry({ label, deps_by_column: depsByColumn(value.lineage) });
  return entry({ label, entry_data: metadataValue(value) });
}

const references = new WeakMap<MetadataValue, WireText>();

/** All assets of a component have the same reference, which is written out once. */
function writtenReferences(value: MetadataValue): WireText {
  const known = references.get(value) ?? wireText(writeWire(entryOf(CODE_REFERENCES, value)));
  references.set(value, known);
  return known;
}

/** The mapping form that check evaluations, schedules, sensors and the repository carry. */
export function metadataMapping(metadata: MetadataInput): Readonly<Record<string, WireObject>> {
  return Object.fromEntries(
    Object.entries(coerceMetadata(metadata)).map(([label, value]) => [label, metadataValue(value)]),
  );
}

/** The code location's own metadata, which may hold what its runs get back. */
export function locationMetadata(metadata: MetadataInput): Readonly<Record<string, WireObject>> {
  return Object.fromEntries(
    Object.entries(coerceMetadata(metadata)).map(([label, value]) => [
      label,
      value.kind === "codeLocationReconstruction"
        ? wire("CodeLocationReconstructionMetadataValue", { data: value.data })
        : metadataValue(value),
    ]),
  );
}

export function metadataValue(value: MetadataValue): WireObject {
  switch (value.kind) {
    case "text":
      return wire("TextMetadataEntryData", { text: value.text });
    case "url":
      return wire("UrlMetadataEntryData", { url: value.url });
    case "path":
      return wire("PathMetadataEntryData", { path: value.path });
    case "notebook":
      return wire("NotebookMetadataEntryData", { path: value.path });
    case "json":
      return wire("JsonMetadataEntryData", { data: value.data });
    case "markdown":
      return wire("MarkdownMetadataEntryData", { md_str: value.markdown });
    case "float":
      return wire("FloatMetadataEntryData", { value: float(value.value) });
    case "int":
      return wire("IntMetadataEntryData", { value: value.value });
    case "bool":
      return wire("BoolMetadataEntryData", { value: value.value });
    case "timestamp":
      return wire("TimestampMetadataValue", { value: float(value.epochSeconds) });
    case "null":
      return wire("NullMetadataEntryData", {});
    case "asset":
      return wire("DagsterAssetMetadataEntryData", { asset_key: assetKey(value.assetKey) });
    case "run":
      return wire("DagsterPipelineRunMetadataEntryData", { run_id: value.runId });
    case "job":
      return wire("DagsterJobMetadataValue", {
        job_name: value.jobName,
        location_name: value.locationName,
        repository_name: value.repositoryName,
      });
    case "pythonArtifact":
      return wire("PythonArtifactMetadataEntryData", { module: value.module, name: value.name });
    case "table":
      return wire("TableMetadataEntryData", {
        records: value.records.map((record) => wire("TableRecord", { data: record })),
        schema: tableSchema(value.schema),
      });
    case "tableSchema":
      return wire("TableSchemaMetadataEntryData", { schema: tableSchema(value.schema) });
    case "columnLineage":
      return wire("TableColumnLineageMetadataValue", {
        column_lineage: wire("TableColumnLineage", { deps_by_column: depsByColumn(value.lineage) }),
      });
    case "codeReferences":
      return wire("CodeReferencesMetadataValue", { code_references: value.references.map(codeReference) });
    case "pool":
      return wire("PoolMetadataValue", { pool: value.pool });
    case "codeLocationReconstruction":
      throw new DefinitionsError(
        "metadata of kind codeLocationReconstruction belongs to the code location itself: " +
          "`Definitions.create({ metadata })`; the UI cannot show it anywhere else",
      );
    default:
      return value satisfies never;
  }
}

function tableSchema(schema: TableSchema): WireObject {
  return wire("TableSchema", {
    columns: schema.columns.map(tableColumn),
    constraints: wire("TableConstraints", { other: schema.constraints ?? [] }),
  });
}

function tableColumn(column: TableColumn): WireObject {
  return wire("TableColumn", {
    name: column.name,
    type: column.type,
    description: column.description ?? null,
    constraints: wire("TableColumnConstraints", {
      nullable: column.nullable ?? true,
      unique: column.unique ?? false,
      other: column.constraints ?? [],
    }),
    tags: column.tags ?? {},
  });
}

const columnDep = nestTemplate(
  wireTemplate("TableColumnDep", ["asset_key", "column_name"]),
  "asset_key",
  keyTemplate,
);

function depsByColumn(lineage: TableColumnLineage): Readonly<Record<string, WireValue>> {
  const deps: Record<string, WireValue> = {};
  for (const column of Object.keys(lineage)) {
    deps[column] = (lineage[column] ?? []).map(({ assetKey, columnName }) =>
      columnDep({ path: assetKey.path, column_name: columnName }),
    );
  }
  return deps;
}

function codeReference(reference: CodeReference): WireObject {
  if (reference.kind === "url") {
    return wire("UrlCodeReference", { url: reference.url, label: reference.label ?? null });
  }
  return wire("LocalFileCodeReference", {
    file_path: reference.filePath,
    line_number: reference.lineNumber ?? null,
    label: reference.label ?? null,
  });
}

import { DefinitionsError } from "./errors.ts";
import { AssetKey, type AssetKeyLike } from "./keys.ts";

/** A JSON value that metadata and tags may carry. */
export type JsonValue = null | boolean | number | string | readonly JsonValue[] | JsonObject;
export interface JsonObject {
  readonly [key: string]: JsonValue;
}

export interface TableColumn {
  readonly name: string;
  readonly type: string;
  readonly description?: string;
  readonly nullable?: boolean;
  readonly unique?: boolean;
  readonly constraints?: readonly string[];
  readonly tags?: Readonly<Record<string, string>>;
}

export interface TableSchema {
  readonly columns: readonly TableColumn[];
  readonly constraints?: readonly string[];
}

export interface TableColumnDep {
  readonly assetKey: AssetKey;
  readonly columnName: string;
}

/** Column name to the upstream columns it is made from. */
export type TableColumnLineage = Readonly<Record<string, readonly TableColumnDep[]>>;

/** The same, with asset keys in any form. */
export type TableColumnLineageInput = Readonly<
  Record<string, readonly { readonly assetKey: AssetKeyLike; readonly columnName: string }[]>
>;

export type CodeReference =
  | {
      readonly kind: "local";
      readonly filePath: string;
      readonly lineNumber?: number;
      readonly label?: string;
    }
  | { readonly kind: "url"; readonly url: string; readonly label?: string };

/** The label under which hosts find code references. */
export const CODE_REFERENCES = "dagster/code_references";

/** A typed metadata value; one variant per kind that Dagster's UI renders. */
export type MetadataValue =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "url"; readonly url: string }
  | { readonly kind: "path"; readonly path: string }
  | { readonly kind: "notebook"; readonly path: string }
  | { readonly kind: "json"; readonly data: JsonValue }
  | { readonly kind: "markdown"; readonly markdown: string }
  | { readonly kind: "float"; readonly value: number }
  | { readonly kind: "int"; readonly value: number | bigint }
  | { readonly kind: "bool"; readonly value: boolean }
  | { readonly kind: "timestamp"; readonly epochSeconds: number }
  | { readonly kind: "null" }
  | { readonly kind: "asset"; readonly assetKey: AssetKey }
  | { readonly kind: "run"; readonly runId: string }
  | {
      readonly kind: "job";
      readonly jobName: string;
      readonly locationName: string;
      readonly repositoryName: string;
    }
  | { readonly kind: "pythonArtifact"; readonly module: string; readonly name: string }
  | {
      readonly kind: "table";
      readonly records: readonly Readonly<Record<string, string | number | boolean | null>>[];
      readonly schema: TableSchema;
    }
  | { readonly kind: "tableSchema"; readonly schema: TableSchema }
  | { readonly kind: "columnLineage"; readonly lineage: TableColumnLineage }
  | { readonly kind: "codeReferences"; readonly references: readonly CodeReference[] }
  | { readonly kind: "pool"; readonly pool: string }
  | { readonly kind: "codeLocationReconstruction"; readonly data: string };

/** Big lineages come from programs, which have keys at hand: nothing is copied then. */
function withKeys(lineage: TableColumnLineageInput): TableColumnLineage {
  const isDep = (dep: { readonly assetKey: AssetKeyLike }): dep is TableColumnDep =>
    typeof dep.assetKey === "object" && "path" in dep.assetKey;
  const isLineage = (given: TableColumnLineageInput): given is TableColumnLineage =>
    Object.values(given).every((deps) => deps.every(isDep));
  if (isLineage(lineage)) return lineage;
  return Object.fromEntries(
    Object.entries(lineage).map(([column, deps]) => [
      column,
      deps.map(({ assetKey, columnName }) => ({ assetKey: AssetKey.from(assetKey), columnName })),
    ]),
  );
}

/** Factories, one per kind. */
export const MetadataValue = {
  text: (text: string): MetadataValue => ({ kind: "text", text }),
  url: (url: string): MetadataValue => ({ kind: "url", url }),
  path: (path: string): MetadataValue => ({ kind: "path", path }),
  notebook: (path: string): MetadataValue => ({ kind: "notebook", path }),
  json: (data: JsonValue): MetadataValue => ({ kind: "json", data }),
  markdown: (markdown: string): MetadataValue => ({ kind: "markdown", markdown }),
  float: (value: number): MetadataValue => ({ kind: "float", value }),
  int: (value: number | bigint): MetadataValue => ({ kind: "int", value }),
  bool: (value: boolean): MetadataValue => ({ kind: "bool", value }),
  /** A date, or epoch seconds. */
  timestamp(at: Date | number): MetadataValue {
    const epochSeconds = at instanceof Date ? at.getTime() / 1000 : at;
    if (!Number.isFinite(epochSeconds)) throw new DefinitionsError("a timestamp must be a date that exists");
    return { kind: "timestamp", epochSeconds };
  },
  null: (): MetadataValue => ({ kind: "null" }),
  asset: (asset: AssetKeyLike): MetadataValue => ({ kind: "asset", assetKey: AssetKey.from(asset) }),
  run: (runId: string): MetadataValue => ({ kind: "run", runId }),
  /** A link to a job; `repositoryName` defaults to the only one of a code location. */
  job: (jobName: string, locationName: string, repositoryName = "__repository__"): MetadataValue => ({
    kind: "job",
    jobName,
    locationName,
    repositoryName,
  }),
  /** A Python class or function, for what a Python part of the pipeline made. */
  pythonArtifact: (module: string, name: string): MetadataValue => ({ kind: "pythonArtifact", module, name }),
  table: (
    records: readonly Readonly<Record<string, string | number | boolean | null>>[],
    schema: TableSchema,
  ): MetadataValue => ({ kind: "table", records, schema }),
  tableSchema: (schema: TableSchema): MetadataValue => ({ kind: "tableSchema", schema }),
  columnLineage: (lineage: TableColumnLineageInput): MetadataValue => ({
    kind: "columnLineage",
    lineage: withKeys(lineage),
  }),
  codeReferences: (references: readonly CodeReference[]): MetadataValue => ({
    kind: "codeReferences",
    references,
  }),
  pool: (pool: string): MetadataValue => ({ kind: "pool", pool }),
  /** Data that a run's process gets back when it loads the definitions again. The UI does not show it. */
  codeLocationReconstruction: (data: string): MetadataValue => ({ kind: "codeLocationReconstruction", data }),
} as const;

/**
 * What users may write: a typed value, or a plain one. Plain strings become text, booleans bool, safe integers int,
 * other numbers float, dates timestamps, null null, arrays and objects without `kind` JSON.
 */
export type RawMetadataValue =
  | MetadataValue
  | string
  | number
  | bigint
  | boolean
  | Date
  | null
  | readonly JsonValue[]
  | JsonObject;

/** Label to value, in display order. A label without a value is left out. */
export type MetadataInput = Readonly<Record<string, RawMetadataValue | undefined>>;
export type Metadata = Readonly<Record<string, MetadataValue>>;

import { compact, TableReader, type Problem } from "../reader.ts";
import { isTable, type TomlTable } from "../toml.ts";
import type {
  LoadPipeline,
  Pipeline,
  PipelineType,
  QualityPipeline,
  SnapshotPipeline,
  TransformationPipeline,
} from "../types/pipeline.ts";
import { decodeGovernance } from "./governance.ts";
import { adapterReference, decodeCommon } from "./pipeline-parts.ts";
import { decodeReplication } from "./replication.ts";

type Body<P extends Pipeline> = Omit<P, "name" | "type">;

const TYPES = ["replication", "transformation", "quality", "snapshot", "load"] as const;

const decodeTransformation = (reader: TableReader): Body<TransformationPipeline> => ({
  ...decodeCommon(reader),
  models: reader.string("models") ?? "models/**",
  target: reader.requiredChild("target", (child) => ({
    adapter: adapterReference(child),
    governance: decodeGovernance(child),
  })),
});

const decodeQuality = (reader: TableReader): Body<QualityPipeline> => {
  if (!reader.has("checks")) reader.missing("checks", "say what to check in a checks table");
  return {
    ...decodeCommon(reader),
    tables: reader.children("tables", (child) =>
      compact({
        catalog: child.requiredString("catalog"),
        schema: child.requiredString("schema"),
        table: child.string("table"),
      }),
    ),
    target: reader.requiredChild("target", (child) => ({ adapter: adapterReference(child) })),
  };
};

const tableName = (reader: TableReader) => ({
  adapter: adapterReference(reader),
  catalog: reader.requiredString("catalog"),
  schema: reader.requiredString("schema"),
  table: reader.requiredString("table"),
});

const decodeSnapshot = (reader: TableReader): Body<SnapshotPipeline> => ({
  ...decodeCommon(reader),
  uniqueKey: reader.requiredStrings("unique_key"),
  updatedAt: reader.requiredString("updated_at"),
  invalidateHardDeletes: reader.boolean("invalidate_hard_deletes", false),
  source: reader.requiredChild("source", tableName),
  target: reader.requiredChild("target", (child) => ({
    ...tableName(child),
    governance: decodeGovernance(child),
  })),
});

const loadOptions = (reader: TableReader): LoadPipeline["options"] => ({
  batchSize: reader.integer("batch_size", 1) ?? 10_000,
  createTable: reader.boolean("create_table", true),
  truncateFirst: reader.boolean("truncate_first", false),
  csvDelimiter: reader.string("csv_delimiter") ?? ",",
  csvHasHeader: reader.boolean("csv_has_header", true),
});

const loadContract = (reader: TableReader): NonNullable<LoadPipeline["contract"]> => ({
  requiredColumns: reader.children("required_columns", (child) => ({
    name: child.requiredString("name"),
    type: child.requiredString("type"),
    nullable: child.boolean("nullable", true),
  })),
  protectedColumns: reader.strings("protected_columns") ?? Object.freeze([]),
  allowedTypeChanges: reader.children("allowed_type_changes", (child) => ({
    from: child.requiredString("from"),
    to: child.requiredString("to"),
  })),
});

const decodeLoad = (reader: TableReader): Body<LoadPipeline> =>
  compact({
    ...decodeCommon(reader),
    sourceDir: reader.requiredString("source_dir"),
    format: reader.oneOf("format", ["csv", "parquet", "json_lines"]),
    target: reader.requiredChild("target", (child) =>
      compact({
        adapter: adapterReference(child),
        catalog: child.requiredString("catalog"),
        schema: child.requiredString("schema"),
        table: child.string("table"),
        governance: decodeGovernance(child),
      }),
    ),
    options: reader.child("options", loadOptions) ?? loadOptions(new TableReader({}, [], [])),
    contract: reader.child("contract", loadContract),
  });

const decodeBody = (name: string, type: PipelineType, reader: TableReader): Pipeline => {
  switch (type) {
    case "replication":
      return { name, type, ...decodeReplication(reader) };
    case "transformation":
      return { name, type, ...decodeTransformation(reader) };
    case "quality":
      return { name, type, ...decodeQuality(reader) };
    case "snapshot":
      return { name, type, ...decodeSnapshot(reader) };
    case "load":
      return { name, type, ...decodeLoad(reader) };
    default:
      return type satisfies never;
  }
};

/** One `[pipeline.<name>]`. Unknown keys directly in it are warnings: the original ignores them silently. */
const decodePipeline = (name: string, table: TomlTable, problems: Problem[]): Pipeline => {
  const reader = new TableReader(table, ["pipeline", name], problems);
  const type = reader.oneOf("type", TYPES) ?? (reader.has("type") ? "transformation" : "replication");
  const before = problems.length;
  const pipeline = decodeBody(name, type, reader);
  // With an unknown type every further complaint would be a guess.
  if (reader.has("type") && reader.table.type !== type) problems.length = before;
  else reader.done("warning");
  return Object.freeze(pipeline);
};

/** Every `[pipeline.<name>]`, in file order. */
export const decodePipelines = (value: unknown, problems: Problem[]): readonly Pipeline[] => {
  if (!isTable(value)) return Object.freeze([]);
  const pipelines: Pipeline[] = [];
  for (const [name, table] of Object.entries(value)) {
    if (isTable(table)) pipelines.push(decodePipeline(name, table, problems));
    else
      problems.push({
        severity: "error",
        path: ["pipeline", name],
        message: `unknown field \`${name}\` in \`pipeline\``,
        hint: "pipelines are [pipeline.<name>] tables",
      });
  }
  return Object.freeze(pipelines);
};

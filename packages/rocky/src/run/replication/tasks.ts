import { type TableRef, tableRef } from "../../adapters/table-ref.ts";
import type { MetadataColumn, ReplicationPipeline } from "../../config/index.ts";
import { RockyError } from "../../errors.ts";
import type { ExcludedTable } from "../output.ts";
import type { Shadow } from "../shadow.ts";
import type { DiscoveredSource } from "./discover.ts";
import { matchesSource, matchesTable, type SourceFilter } from "./filter.ts";
import { createOverrideResolver, type OverrideResolver, type TablePolicy } from "./overrides.ts";
import { unknownPlaceholders } from "./placeholders.ts";
import { fillTemplate, flatComponents } from "./schema-pattern.ts";

/** One table to copy. */
export interface CopyTask {
  readonly assetKey: readonly string[];
  readonly source: TableRef;
  readonly target: TableRef;
  readonly policy: TablePolicy;
  /** Metadata columns with their placeholders filled. */
  readonly metadata: readonly MetadataColumn[];
  readonly sourceId: string;
  readonly sourceType: string;
  readonly tenant?: string;
}

export interface CopyPlan {
  readonly tasks: readonly CopyTask[];
  /** Schemas of the targets, in order of first use. */
  readonly schemas: readonly { readonly catalog: string; readonly schema: string }[];
  readonly excluded: readonly ExcludedTable[];
  readonly overrides: OverrideResolver;
}

const fillMetadata = (pipeline: ReplicationPipeline, source: DiscoveredSource): readonly MetadataColumn[] =>
  pipeline.metadataColumns.map((column) => {
    const { separator } = pipeline.source.schemaPattern;
    // A component comes from a schema's name and lands in SQL text, often between quotes.
    for (const [name, value] of Object.entries(source.components)) {
      if (!column.value.includes(`{${name}`)) continue;
      if (/['"\\;]/.test([value].flat().join(""))) {
        throw new RockyError(
          "config_invalid",
          `schema '${source.schema}' cannot fill metadata column '${column.name}'`,
          {
            hint: "the component holds a quote, a backslash or a semicolon",
          },
        );
      }
    }
    return { ...column, value: fillTemplate(column.value, source.components, separator) };
  });

const refuseUnknownPlaceholders = (pipeline: ReplicationPipeline): void => {
  const [unknown] = unknownPlaceholders(pipeline);
  if (unknown === undefined) return;
  const { key, message, hint } = unknown;
  throw new RockyError("config_invalid", message, { where: { key }, hint });
};

const refuseCollisions = (tasks: readonly CopyTask[]): void => {
  const taken = new Map<string, CopyTask>();
  for (const task of tasks) {
    const { catalog, schema, table } = task.target;
    const name = `${catalog}.${schema}.${table}`.toLowerCase();
    const other = taken.get(name);
    if (other !== undefined) {
      throw new RockyError(
        "config_invalid",
        `'${other.source.schema}.${other.source.table}' and '${task.source.schema}.${task.source.table}' both go to '${name}'`,
        { hint: "give catalog_template or schema_template a component that tells them apart" },
      );
    }
    taken.set(name, task);
  }
};

/** Turns discovered sources into tables to copy: filter, overrides, target names. */
export const planCopies = (
  pipeline: ReplicationPipeline,
  sources: readonly DiscoveredSource[],
  filter: SourceFilter | undefined,
  shadow: Shadow | undefined,
  sourceCatalog = pipeline.source.catalog ?? "",
): CopyPlan => {
  refuseUnknownPlaceholders(pipeline);
  const overrides = createOverrideResolver(pipeline);
  const separator = pipeline.target.separator ?? pipeline.source.schemaPattern.separator;
  const tasks: CopyTask[] = [];
  const excluded: ExcludedTable[] = [];
  const schemas = new Map<string, { catalog: string; schema: string }>();
  for (const source of sources) {
    if (!matchesSource(filter, source)) continue;
    const catalog = fillTemplate(pipeline.target.catalogTemplate, source.components, separator);
    const filled = fillTemplate(pipeline.target.schemaTemplate, source.components, separator);
    const schema = shadow?.schema ?? filled;
    const key = [source.sourceType, ...flatComponents(source.components)];
    const metadata = fillMetadata(pipeline, source);
    const tenant = source.components.tenant;
    schemas.set(`${catalog}.${schema}`, { catalog, schema });
    for (const table of source.tables.filter((name) => matchesTable(filter, name))) {
      const policy = overrides.resolve({ connector: [source.id, source.schema], table });
      if (!policy.enabled) {
        excluded.push({
          asset_key: [...key, table],
          source_schema: source.schema,
          table_name: table,
          reason: "table_override_disabled",
        });
        continue;
      }
      const name = `${table}${shadow?.suffix ?? ""}`;
      tasks.push({
        assetKey: [...key, name],
        source: tableRef(sourceCatalog, source.schema, table),
        target: tableRef(catalog, schema, name),
        policy,
        metadata,
        sourceId: source.id,
        sourceType: source.sourceType,
        ...(typeof tenant === "string" ? { tenant } : {}),
      });
    }
  }
  refuseCollisions(tasks);
  return { tasks, schemas: [...schemas.values()], excluded, overrides };
};

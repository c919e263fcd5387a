import { resolve } from "node:path";
import type { Session } from "../../adapters/adapter.ts";
import type { AdapterConfig, ReplicationPipeline } from "../../config/index.ts";
import { RockyError } from "../../errors.ts";
import { findAdapter, type RunEnvironment } from "../environment.ts";
import type { ExcludedTable } from "../output.ts";
import { type Components, flatComponents, parseSchemaName } from "./schema-pattern.ts";

/** A schema of the source side that fits the pattern, with its tables. */
export interface DiscoveredSource {
  readonly id: string;
  readonly schema: string;
  readonly sourceType: string;
  readonly components: Components;
  readonly tables: readonly string[];
  readonly lastSyncAt: string | null;
}

export interface Discovery {
  /** Sorted by id, so that plans, runs and states of the same sources are equal. */
  readonly sources: readonly DiscoveredSource[];
  readonly excluded: readonly ExcludedTable[];
}

const discoveryAdapterOf = (pipeline: ReplicationPipeline): string =>
  pipeline.source.discovery?.adapter ?? pipeline.source.adapter;

interface Listed {
  readonly schema: string;
  readonly tables: readonly string[];
}

const listDuckDb = async (
  session: Session,
  prefix: string,
  catalog: string | undefined,
): Promise<readonly Listed[]> => {
  const schemas = await session.listSchemas(prefix, catalog);
  const tables = await session.listTables(schemas, catalog);
  return schemas.map((schema) => ({ schema, tables: tables.get(schema) ?? [] }));
};

/** `[adapter.<name>.extra.schemas]`: a list of table names per schema, written by hand. */
const listManual = (adapter: AdapterConfig, prefix: string): readonly Listed[] => {
  const schemas = adapter.extra.schemas;
  if (schemas === undefined) return [];
  const where = { key: `adapter.${adapter.name}.extra.schemas` };
  if (typeof schemas !== "object" || schemas === null || Array.isArray(schemas)) {
    throw new RockyError("config_invalid", "expected a table of schema = [tables]", { where });
  }
  return Object.entries(schemas).flatMap(([schema, tables]: [string, unknown]) => {
    if (!Array.isArray(tables)) {
      throw new RockyError("config_invalid", `expected a list of table names for '${schema}'`, { where });
    }
    return schema.startsWith(prefix) ? [{ schema, tables: tables.map(String).sort() }] : [];
  });
};

const sameFile = (env: RunEnvironment, adapter: AdapterConfig, other: string): boolean => {
  if (adapter.name === other) return true;
  const { path } = findAdapter(env.config, other);
  if (path === undefined || adapter.path === undefined) return false;
  return resolve(env.context.cwd, path) === resolve(env.context.cwd, adapter.path);
};

const list = async (
  env: RunEnvironment,
  pipeline: ReplicationPipeline,
  session: Session,
  catalog: string | undefined,
): Promise<readonly Listed[]> => {
  const adapter = findAdapter(env.config, discoveryAdapterOf(pipeline));
  const { prefix } = pipeline.source.schemaPattern;
  switch (adapter.type) {
    case "duckdb": {
      // The same file under another name is attached already, and would wait for itself.
      if (sameFile(env, adapter, pipeline.source.adapter)) return listDuckDb(session, prefix, catalog);
      return listDuckDb(await env.session(adapter.name, "read"), prefix, pipeline.source.catalog);
    }
    case "manual":
      return listManual(adapter, prefix);
    default:
      throw new RockyError(
        "unsupported",
        `discovery through '${adapter.type}' is not available in this engine`,
        {
          where: { key: `adapter.${adapter.name}.type` },
        },
      );
  }
};

/**
 * Asks the discovery side for schemas and tables and cuts the schema names by the pattern. `catalog` is where the
 * session sees the source's tables.
 */
export const discoverSources = async (
  env: RunEnvironment,
  pipeline: ReplicationPipeline,
  session: Session,
  catalog: string | undefined = pipeline.source.catalog,
): Promise<Discovery> => {
  const adapter = findAdapter(env.config, discoveryAdapterOf(pipeline));
  const pattern = pipeline.source.schemaPattern;
  const sources: DiscoveredSource[] = [];
  for (const { schema, tables } of await list(env, pipeline, session, catalog)) {
    const components = parseSchemaName(pattern, schema);
    if (components === undefined) {
      env.emit({
        level: "warn",
        message: `schema '${schema}' does not fit the pattern of pipeline '${pipeline.name}' and is passed over`,
        fields: { event: "schema_skipped", schema, pipeline: pipeline.name },
      });
      continue;
    }
    sources.push({ id: schema, schema, sourceType: adapter.type, components, tables, lastSyncAt: null });
  }
  const sorted = sources.sort((left, right) => (left.id < right.id ? -1 : left.id > right.id ? 1 : 0));
  return adapter.type === "duckdb" && adapter.name === pipeline.source.adapter
    ? { sources: sorted, excluded: [] }
    : withoutMissing(sorted, session, catalog);
};

/** Keeps what the warehouse really has; a discovery service may list tables that were never synced. */
const withoutMissing = async (
  sources: readonly DiscoveredSource[],
  session: Session,
  catalog: string | undefined,
): Promise<Discovery> => {
  const there = await session.listTables(
    sources.map(({ schema }) => schema),
    catalog,
  );
  const excluded: ExcludedTable[] = [];
  const kept = sources.map((source) => {
    const known = new Set(there.get(source.schema) ?? []);
    for (const table of source.tables) {
      if (known.has(table)) continue;
      excluded.push({
        asset_key: [source.sourceType, ...flatComponents(source.components), table],
        source_schema: source.schema,
        table_name: table,
        reason: "missing_from_source",
      });
    }
    return { ...source, tables: source.tables.filter((table) => known.has(table)) };
  });
  return { sources: kept, excluded };
};

import { createRunEnvironment, type RunEnvironment } from "../run/environment.ts";
import { configuredChecks } from "../run/replication/check-names.ts";
import { type DiscoveredSource, discoverSources } from "../run/replication/discover.ts";
import { selectReplication } from "../run/replication/select.ts";
import { type CachedTable, cacheSchemas } from "../state/schema-cache.ts";
import { tableRef } from "../adapters/table-ref.ts";
import type { ReplicationPipeline, RockyConfig } from "../config/index.ts";
import { RockyError } from "../errors.ts";
import { ENGINE_VERSION } from "../version.ts";
import { defineCommand } from "./command.ts";
import { booleanFlag, stringFlag } from "./flags.ts";

const checksOf = (pipeline: ReplicationPipeline, sources: readonly DiscoveredSource[]) => {
  if (!pipeline.checks.declared) return {};
  const { freshness } = pipeline.checks;
  const configured = configuredChecks(pipeline, sources);
  const checks = {
    ...(freshness === undefined ? {} : { freshness: { threshold_seconds: freshness.thresholdSeconds } }),
    ...(Object.keys(configured).length === 0 ? {} : { configured_checks: configured }),
  };
  return { checks };
};

/** Keeps the columns of every source table, so that compiling can expand stars without a warehouse. */
const keepSchemas = async (
  env: RunEnvironment,
  pipeline: ReplicationPipeline,
  sources: readonly DiscoveredSource[],
) => {
  const session = await env.session(pipeline.source.adapter, "read");
  const cached: CachedTable[] = [];
  for (const { schema, tables } of sources) {
    for (const table of tables) {
      const columns = await session.describe(tableRef(pipeline.source.catalog ?? "", schema, table));
      const catalog = pipeline.source.catalog ?? session.defaultCatalog;
      if (columns !== undefined) cached.push({ catalog, schema, table, columns });
    }
  }
  await cacheSchemas(await env.state("write"), cached);
  return { schemas_cached: cached.length };
};

const refuseFivetranState = (config: RockyConfig, { name, source }: ReplicationPipeline): void => {
  const adapter = source.discovery?.adapter ?? source.adapter;
  const type = config.adapters.find((known) => known.name === adapter)?.type ?? "unknown";
  throw new RockyError(
    "unsupported",
    `pipeline '${name}' discovers through '${adapter}' (${type}), which has no Fivetran state`,
    {
      where: { file: config.file, key: `pipeline.${name}.source.discovery.adapter` },
      hint: "leave out --emit-fivetran-state-to, or set binary_path to an engine that reads Fivetran",
    },
  );
};

const asTable = (sources: readonly DiscoveredSource[]): string =>
  sources.length === 0
    ? "no sources\n"
    : `${sources.map(({ id, sourceType, tables }) => `${id}  ${sourceType}  ${tables.join(", ")}`).join("\n")}\n`;

export const discover = defineCommand({
  name: "discover",
  summary: "List the sources and tables that a replication pipeline copies",
  flags: {
    pipeline: stringFlag("the replication pipeline; needed when there are several pipelines", "NAME"),
    "with-schemas": booleanFlag("also keep the columns of every source table in the state store"),
    "emit-fivetran-state-to": stringFlag("file for the state of a Fivetran destination", "FILE"),
    "no-cache": booleanFlag("accepted; nothing is cached between discoveries"),
  },
  positionals: [],
  run: async ({ flags }, context) => {
    const pipeline = selectReplication(context.loadConfig(), flags.pipeline, "discover");
    if (flags["emit-fivetran-state-to"] !== undefined) refuseFivetranState(context.loadConfig(), pipeline);
    await using env = createRunEnvironment(context);
    const session = await env.session(pipeline.source.adapter, "read");
    const { sources, excluded } = await discoverSources(env, pipeline, session);
    const cached = flags["with-schemas"] ? await keepSchemas(env, pipeline, sources) : {};
    return {
      payload: {
        version: ENGINE_VERSION,
        command: "discover",
        sources: sources.map(({ id, components, sourceType, lastSyncAt, tables }) => ({
          id,
          components,
          source_type: sourceType,
          last_sync_at: lastSyncAt,
          tables: tables.map((name) => ({ name })),
        })),
        ...checksOf(pipeline, sources),
        ...(excluded.length === 0 ? {} : { excluded_tables: excluded }),
        ...cached,
      },
      table: () => asTable(sources),
    };
  },
});

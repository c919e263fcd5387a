import { compact, type TableReader } from "../reader.ts";
import type { ReplicationPipeline, TableOverride } from "../types/pipeline.ts";
import { decodeGovernance } from "./governance.ts";
import { adapterReference, decodeCommon } from "./pipeline-parts.ts";

const NONE: readonly string[] = Object.freeze([]);

/** Names that `--filter` gives a meaning of its own. */
const RESERVED_COMPONENTS = new Set(["table", "id"]);

const decodePattern = (reader: TableReader): ReplicationPipeline["source"]["schemaPattern"] => {
  const components = reader.requiredStrings("components");
  for (const component of components) {
    const name = component.replace(/\.\.\.$/, "");
    if (RESERVED_COMPONENTS.has(name))
      reader.broken("components", `component name '${name}' is reserved`, "choose another name");
  }
  return {
    prefix: reader.requiredString("prefix"),
    separator: reader.requiredString("separator"),
    components,
  };
};

const decodeSource = (reader: TableReader): ReplicationPipeline["source"] =>
  compact({
    adapter: adapterReference(reader),
    catalog: reader.string("catalog"),
    discovery: reader.child("discovery", (child) => ({
      adapter: adapterReference(child),
      reportNewSources: child.boolean("report_new_sources", false),
      onCollision: child.oneOf("on_collision", ["off", "warn", "error"]) ?? ("off" as const),
    })),
    schemaPattern: reader.requiredChild("schema_pattern", decodePattern),
  });

const decodeTarget = (reader: TableReader): ReplicationPipeline["target"] =>
  compact({
    adapter: adapterReference(reader),
    catalogTemplate: reader.requiredString("catalog_template"),
    schemaTemplate: reader.requiredString("schema_template"),
    separator: reader.string("separator"),
    governance: decodeGovernance(reader),
  });

const decodeOverride = (reader: TableReader): TableOverride => {
  const match = reader.child("match", (child) =>
    compact({ connector: child.string("connector"), table: child.string("table") }),
  );
  if (match === undefined || (match.connector === undefined && match.table === undefined))
    reader.broken(
      "match",
      "a table override must match something",
      "add match = { connector = …, table = … }",
    );
  if (match?.table === "")
    reader.broken("match", "an empty table pattern matches nothing", "name a table or a glob");
  return compact({
    match: match ?? {},
    strategy: reader.string("strategy"),
    timestampColumn: reader.string("timestamp_column"),
    mergeKeys: reader.strings("merge_keys"),
    mergeKeysFallback: reader.strings("merge_keys_fallback"),
    enabled: reader.has("enabled") ? reader.boolean("enabled", true) : undefined,
  });
};

const checkOverrides = (reader: TableReader, pipeline: Omit<ReplicationPipeline, "name" | "type">): void => {
  const literals = new Map<string, number>();
  for (const [index, override] of pipeline.tableOverrides.entries()) {
    const { connector, table } = override.match;
    const at = `table_overrides.${index}`;
    if (table !== undefined && !/[*?]/.test(table)) {
      const pair = `${connector ?? ""}\u0000${table}`;
      const first = literals.get(pair);
      if (first !== undefined)
        reader.broken(at, `matches the same table as table_overrides.${first}`, "merge the two");
      literals.set(pair, index);
    }
    const keys = [
      override.mergeKeys,
      override.mergeKeysFallback,
      pipeline.mergeKeys,
      pipeline.mergeKeysFallback,
    ];
    if (override.strategy === "merge" && keys.every((list) => list === undefined || list.length === 0))
      reader.broken(at, "strategy merge needs merge keys", 'add merge_keys = ["…"] here or on the pipeline');
  }
  const hasKeys = pipeline.mergeKeys.length > 0 || pipeline.mergeKeysFallback.length > 0;
  if (pipeline.strategy === "merge" && !hasKeys)
    reader.broken(
      "merge_keys",
      "strategy merge needs merge_keys or merge_keys_fallback",
      'add merge_keys = ["…"]',
    );
};

export const decodeReplication = (reader: TableReader): Omit<ReplicationPipeline, "name" | "type"> => {
  const pipeline = {
    ...decodeCommon(reader),
    strategy: reader.string("strategy") ?? "incremental",
    timestampColumn: reader.string("timestamp_column") ?? "_fivetran_synced",
    mergeKeys: reader.strings("merge_keys") ?? NONE,
    mergeKeysFallback: reader.strings("merge_keys_fallback") ?? NONE,
    metadataColumns: reader.children("metadata_columns", (child) => ({
      name: child.requiredString("name"),
      type: child.requiredString("type"),
      value: child.requiredString("value"),
    })),
    pruneUnchanged: reader.boolean("prune_unchanged", false),
    tableOverrides: reader.children("table_overrides", decodeOverride),
    source: reader.requiredChild("source", decodeSource),
    target: reader.requiredChild("target", decodeTarget),
  };
  checkOverrides(reader, pipeline);
  return pipeline;
};

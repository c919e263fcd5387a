import { AssetKey, type RawMetadataValue } from "@dagster-rocky/dagster";
import type { DagNode, DiscoveredSource, DiscoveredTable, ModelDetail } from "./inputs.ts";
import { sortedJson } from "./sorted-json.ts";
import { tagKey, tagValue } from "./tags.ts";

/**
 * Turns what the engine knows into what Dagster shows. Subclass it and override what should differ; the
 * methods are pure and are called for every asset on every load, so they must not wait for anything.
 *
 * In tenant mode they see a source without its tenant component, except `getPartitionKey`.
 */
export class RockyDagsterTranslator {
  /** `[source type, component values (a list joined with "__"), table]`. */
  getAssetKey(source: DiscoveredSource, table: DiscoveredTable): AssetKey {
    const path = [source.sourceType];
    for (const value of Object.values(source.components)) {
      path.push(typeof value === "string" ? value : value.join("__"));
    }
    path.push(table.name);
    return AssetKey.of(...path);
  }

  /** The first component with a single value, else the source type. */
  getGroupName(source: DiscoveredSource): string {
    for (const value of Object.values(source.components)) if (typeof value === "string") return value;
    return source.sourceType;
  }

  getTags(source: DiscoveredSource, _table: DiscoveredTable): Record<string, string> {
    const tags: Record<string, string> = { "rocky/source_type": tagValue(source.sourceType) };
    for (const [name, value] of Object.entries(source.components)) {
      if (typeof value === "string") tags[tagKey(`rocky/${name}`)] = tagValue(value);
    }
    return tags;
  }

  getMetadata(source: DiscoveredSource, table: DiscoveredTable): Record<string, RawMetadataValue> {
    const metadata: Record<string, RawMetadataValue> = {
      source_id: source.id,
      source_type: source.sourceType,
    };
    // Python's datetime writes UTC as an offset.
    if (source.lastSyncAt) metadata.last_sync_at = source.lastSyncAt.replace(/Z$/, "+00:00");
    if (table.rowCount !== undefined) metadata.row_count = String(table.rowCount);
    for (const [name, value] of Object.entries(source.metadata ?? {})) {
      metadata[name] = typeof value === "string" ? value : sortedJson(value);
    }
    return metadata;
  }

  /** Assets that the table is made from; none by default. */
  getAssetDeps(_source: DiscoveredSource, _table: DiscoveredTable): readonly AssetKey[] {
    return [];
  }

  /** The tenant's partition key; `undefined` means the raw tenant value. */
  getPartitionKey(_source: DiscoveredSource): string | undefined {
    return undefined;
  }

  /** `[catalog, schema, table]` of the model's target. */
  getModelAssetKey(model: ModelDetail): AssetKey {
    return AssetKey.of(model.target.catalog, model.target.schema, model.target.table);
  }

  getModelGroupName(model: ModelDetail): string {
    return model.target.schema || "models";
  }

  /** Assets that the model reads beside other models, such as copied tables; none by default. */
  getModelAssetDeps(_model: ModelDetail): readonly AssetKey[] {
    return [];
  }

  getModelTags(model: ModelDetail): Record<string, string> {
    const tags: Record<string, string> = {};
    for (const [name, value] of Object.entries(model.tags)) tags[tagKey(name)] = tagValue(value);
    tags["rocky/model_name"] = tagValue(model.name);
    tags["rocky/target_catalog"] = tagValue(model.target.catalog);
    tags["rocky/target_schema"] = tagValue(model.target.schema);
    tags["rocky/strategy"] = tagValue(model.strategy.type);
    return tags;
  }

  getModelMetadata(model: ModelDetail): Record<string, RawMetadataValue> {
    const { catalog, schema, table } = model.target;
    return { "rocky/target_table": `${catalog}.${schema}.${table}`, "rocky/strategy": model.strategy.type };
  }

  /** A transformation is its target table; other nodes are named after their pipeline or label. */
  getDagNodeAssetKey(node: DagNode): AssetKey {
    const pipeline = node.pipeline || "default";
    switch (node.kind) {
      case "transformation":
        if (node.target) return AssetKey.of(node.target.catalog, node.target.schema, node.target.table);
        return plainNodeKey(node);
      case "seed":
        return AssetKey.of("seed", node.label);
      case "source":
      case "load":
        return AssetKey.of(pipeline, node.kind);
      case "quality":
      case "snapshot":
        return AssetKey.of(node.kind, pipeline);
      default:
        return plainNodeKey(node);
    }
  }

  getDagGroupName(node: DagNode): string {
    if (node.kind === "transformation" && node.target) return node.target.schema;
    return node.pipeline || "default";
  }
}

const plainNodeKey = (node: DagNode): AssetKey => AssetKey.of(node.id.replace(/[^A-Za-z0-9]/g, "_"));

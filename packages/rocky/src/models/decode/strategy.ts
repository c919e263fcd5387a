import { compact, type TableReader } from "../../config/reader.ts";
import type { Granularity, Strategy, StrategyType } from "../types.ts";

const TYPES: readonly StrategyType[] = [
  "full_refresh",
  "incremental",
  "merge",
  "time_interval",
  "ephemeral",
  "delete_insert",
  "microbatch",
  "view",
  "materialized_view",
  "dynamic_table",
  "content_addressed",
];

const GRANULARITIES: readonly Granularity[] = ["hour", "day", "month", "year"];

const granularity = (reader: TableReader, fallback: Granularity | undefined): Granularity => {
  if (fallback === undefined && !reader.has("granularity"))
    reader.missing("granularity", `one of ${GRANULARITIES.join(", ")}`);
  return reader.oneOf("granularity", GRANULARITIES) ?? fallback ?? "day";
};

const decodeBody = (reader: TableReader, type: StrategyType): Strategy => {
  switch (type) {
    case "full_refresh":
    case "ephemeral":
    case "view":
    case "materialized_view":
      return { type };
    case "incremental":
      return { type, timestampColumn: reader.requiredString("timestamp_column") };
    case "merge":
      return compact({
        type,
        uniqueKey: reader.requiredStrings("unique_key"),
        updateColumns: reader.strings("update_columns"),
      });
    case "time_interval":
      return compact({
        type,
        timeColumn: reader.requiredString("time_column"),
        granularity: granularity(reader, undefined),
        lookback: reader.integer("lookback") ?? 0,
        batchSize: reader.integer("batch_size", 1) ?? 1,
        firstPartition: reader.string("first_partition"),
      });
    case "delete_insert":
      return { type, partitionBy: reader.requiredStrings("partition_by") };
    case "microbatch":
      return {
        type,
        timestampColumn: reader.requiredString("timestamp_column"),
        granularity: granularity(reader, "hour"),
      };
    case "dynamic_table":
      return { type, targetLag: reader.requiredString("target_lag") };
    case "content_addressed":
      return {
        type,
        storagePrefix: reader.requiredString("storage_prefix"),
        partitionColumns: reader.strings("partition_columns") ?? [],
      };
    default:
      return type satisfies never;
  }
};

/** A `[strategy]` table. */
export const decodeStrategy = (reader: TableReader): Strategy => {
  if (!reader.has("type")) reader.missing("type", `one of ${TYPES.join(", ")}`);
  const type = reader.oneOf("type", TYPES);
  if (type !== undefined) return Object.freeze(decodeBody(reader, type));
  reader.overlookAllBut("type");
  return Object.freeze({ type: "full_refresh" });
};

export const FULL_REFRESH: Strategy = Object.freeze({ type: "full_refresh" });

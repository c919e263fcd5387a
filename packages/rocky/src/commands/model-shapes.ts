import type { ModelFreshness, ModelTarget, Strategy } from "../models/index.ts";
import { unreachable } from "../unreachable.ts";

// How the settings of a model look in payloads; `compile` and `dag` print the same.

export type StrategyShape = Readonly<Record<string, string | number | readonly string[] | null>>;

export const strategyShape = (strategy: Strategy): StrategyShape => {
  const { type } = strategy;
  switch (strategy.type) {
    case "full_refresh":
    case "ephemeral":
    case "view":
    case "materialized_view":
      return { type };
    case "incremental":
      return { type, timestamp_column: strategy.timestampColumn };
    case "merge":
      return { type, unique_key: strategy.uniqueKey, update_columns: strategy.updateColumns ?? null };
    case "time_interval":
      return {
        type,
        time_column: strategy.timeColumn,
        granularity: strategy.granularity,
        lookback: strategy.lookback,
        batch_size: strategy.batchSize,
        first_partition: strategy.firstPartition ?? null,
      };
    case "delete_insert":
      return { type, partition_by: strategy.partitionBy };
    case "microbatch":
      return { type, timestamp_column: strategy.timestampColumn, granularity: strategy.granularity };
    case "dynamic_table":
      return { type, target_lag: strategy.targetLag };
    case "content_addressed":
      return { type, storage_prefix: strategy.storagePrefix, partition_columns: strategy.partitionColumns };
    default:
      return unreachable(strategy);
  }
};

export const targetShape = ({ catalog, schema, table }: ModelTarget): ModelTarget => ({
  catalog,
  schema,
  table,
});

export interface FreshnessShape {
  readonly max_lag_seconds: number;
  readonly time_column?: string;
  readonly severity?: string;
}

export const freshnessShape = (freshness: ModelFreshness): FreshnessShape => ({
  max_lag_seconds: freshness.maxLagSeconds,
  ...(freshness.timeColumn === undefined ? {} : { time_column: freshness.timeColumn }),
  ...(freshness.severity === undefined ? {} : { severity: freshness.severity }),
});

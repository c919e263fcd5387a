import { choice, integer, list, nullable, object, text, union } from "../schema.ts";

const timeGrain = choice("hour", "day", "month", "year");

/** A model's strategy as its sidecar says it. */
export const strategyConfig = union(
  object({ type: choice("full_refresh") }),
  object({ timestamp_column: text, type: choice("incremental") }),
  object({ type: choice("merge"), unique_key: list(text) }, { update_columns: nullable(list(text)) }),
  object(
    { granularity: timeGrain, time_column: text, type: choice("time_interval") },
    { batch_size: integer, first_partition: nullable(text), lookback: integer },
  ),
  object({ type: choice("ephemeral") }),
  object({ partition_by: list(text), type: choice("delete_insert") }),
  object({ timestamp_column: text, type: choice("microbatch") }, { granularity: timeGrain }),
  object({ type: choice("view") }),
  object({ type: choice("materialized_view") }),
  object({ target_lag: text, type: choice("dynamic_table") }),
  object({ storage_prefix: text, type: choice("content_addressed") }, { partition_columns: list(text) }),
);

/** Where a model is written. */
export const targetConfig = object({ catalog: text, schema: text, table: text });

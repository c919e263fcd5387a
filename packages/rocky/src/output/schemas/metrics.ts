import { choice, integer, list, mapOf, nullable, number, object, text, type Static } from "../schema.ts";

const metricsSnapshotEntry = object(
  { null_rates: mapOf(number), row_count: integer, run_id: text, timestamp: text },
  { freshness_lag_seconds: nullable(integer) },
);

const metricsAlert = object(
  { message: text, run_id: text, severity: text, type: text },
  { column: nullable(text) },
);

const columnTrendPoint = object(
  { row_count: integer, run_id: text, timestamp: text },
  { null_rate: nullable(number) },
);

export const metricsSchema = object(
  {
    command: choice("metrics"),
    count: integer,
    model: text,
    snapshots: list(metricsSnapshotEntry),
    version: text,
  },
  {
    alerts: list(metricsAlert),
    column: nullable(text),
    column_trend: list(columnTrendPoint),
    message: nullable(text),
  },
);
export type MetricsOutput = Static<typeof metricsSchema>;

import { choice, integer, list, nullable, number, object, text, type Static } from "../schema.ts";

const perModelCostHistorical = object(
  { duration_ms: integer, model_name: text, status: text },
  {
    bytes_scanned: nullable(integer),
    bytes_written: nullable(integer),
    cost_usd: nullable(number),
    rows_affected: nullable(integer),
    tenant: nullable(text),
  },
);

const costGroup = object(
  { dimension: text, key: text, model_count: integer, total_duration_ms: integer },
  {
    total_bytes_scanned: nullable(integer),
    total_bytes_written: nullable(integer),
    total_cost_usd: nullable(number),
  },
);

export const costSchema = object(
  {
    command: choice("cost"),
    duration_ms: integer,
    finished_at: text,
    per_model: list(perModelCostHistorical),
    run_id: text,
    started_at: text,
    status: text,
    total_duration_ms: integer,
    trigger: text,
    version: text,
  },
  {
    adapter_type: nullable(text),
    groups: nullable(list(costGroup)),
    total_bytes_scanned: nullable(integer),
    total_bytes_written: nullable(integer),
    total_cost_usd: nullable(number),
  },
);
export type CostOutput = Static<typeof costSchema>;

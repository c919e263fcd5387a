import { choice, flag, integer, list, nullable, object, text, type Static } from "../schema.ts";

const modelRetentionStatus = object(
  { in_sync: flag, model: text },
  { configured_days: nullable(integer), warehouse_days: nullable(integer) },
);

export const retentionStatusSchema = object(
  { command: choice("retention-status"), models: list(modelRetentionStatus), version: text },
  { message: nullable(text) },
);
export type RetentionStatusOutput = Static<typeof retentionStatusSchema>;

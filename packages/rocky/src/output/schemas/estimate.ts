import { choice, integer, list, object, type Static, text } from "../schema.ts";

const modelEstimate = object({ model_name: text, raw_explain: text }, { estimated_rows: integer });

export const estimateSchema = object(
  { version: text, command: choice("estimate"), estimates: list(modelEstimate), total_models: integer },
  { message: text },
);
export type EstimateOutput = Static<typeof estimateSchema>;

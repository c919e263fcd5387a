import { choice, flag, integer, list, nullable, object, text, type Static } from "../schema.ts";

const validateAdapterStatus = object({ adapter_type: text, name: text, ok: flag });

const validateMessage = object(
  { code: text, message: text, severity: choice("ok", "warn", "error", "lint") },
  { field: nullable(text), file: nullable(text) },
);

const validateModelsStatus = object({ count: integer, dag_valid: flag, found: flag });

const validatePipelineStatus = object({
  catalog_template: text,
  name: text,
  ok: flag,
  pipeline_type: text,
  schema_template: text,
  strategy: text,
});

export const validateSchema = object({
  adapters: list(validateAdapterStatus),
  command: choice("validate"),
  messages: list(validateMessage),
  models: validateModelsStatus,
  pipelines: list(validatePipelineStatus),
  valid: flag,
  version: text,
});
export type ValidateOutput = Static<typeof validateSchema>;
export type ValidateMessage = Static<typeof validateMessage>;

import {
  boolean,
  defaulted,
  type Infer,
  many,
  mapOf,
  number,
  object,
  optional,
  required,
  text,
} from "../decode.ts";

/** Where a model is written. */
export const target = object({
  catalog: defaulted("catalog", text, ""),
  schema: defaulted("schema", text, ""),
  table: required("table", text),
});

/** How a model is written; only the fields that partitions and labels need. */
export const strategy = object({
  type: required("type", text),
  granularity: optional("granularity", text),
  firstPartition: optional("first_partition", text),
  timeColumn: optional("time_column", text),
});

export const modelFreshness = object({
  maxLagSeconds: optional("max_lag_seconds", number),
  warnAfter: optional("warn_after", text),
  errorAfter: optional("error_after", text),
});
export type ModelFreshness = Infer<typeof modelFreshness>;

const diagnostic = object({
  severity: required("severity", text),
  code: required("code", text),
  message: required("message", text),
  model: defaulted("model", text, ""),
});
export type CompileDiagnostic = Infer<typeof diagnostic>;

const modelDetail = object({
  name: required("name", text),
  strategy: required("strategy", strategy),
  target: required("target", target),
  freshness: optional("freshness", modelFreshness),
  dependsOn: many("depends_on", text),
  tags: defaulted<Readonly<Record<string, string>>>("tags", mapOf(text), {}),
});
export type ModelDetail = Infer<typeof modelDetail>;

/** `rocky compile`. */
export const decodeCompile = object({
  version: defaulted("version", text, ""),
  hasErrors: required("has_errors", boolean),
  diagnostics: many("diagnostics", diagnostic),
  modelsDetail: many("models_detail", modelDetail),
});
export type CompileOutput = Infer<typeof decodeCompile>;

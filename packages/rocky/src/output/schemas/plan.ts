import { choice, flag, integer, list, nullable, object, text, union, type Static } from "../schema.ts";

const plannedStatement = object({ purpose: text, sql: text, target: text });

const breakingChange = union(
  object({ kind: choice("model_removed"), model: text }),
  object({ kind: choice("model_added"), model: text }),
  object({ column: text, data_type: text, kind: choice("column_dropped"), model: text }),
  object({ column: text, data_type: text, kind: choice("column_added"), model: text, nullable: flag }),
  object({
    column: text,
    kind: choice("column_type_changed"),
    model: text,
    narrowing: flag,
    new_type: text,
    old_type: text,
  }),
  object({
    column: text,
    kind: choice("column_nullability_changed"),
    model: text,
    new_nullable: flag,
    old_nullable: flag,
  }),
  object({
    column: text,
    kind: choice("column_reordered"),
    model: text,
    new_index: integer,
    old_index: integer,
  }),
  object({
    kind: choice("materialization_strategy_changed"),
    model: text,
    new_strategy: text,
    old_strategy: text,
  }),
  object({
    key_kind: text,
    kind: choice("materialization_key_changed"),
    model: text,
    new: list(text),
    old: list(text),
  }),
  object({ kind: choice("replication_columns_changed"), model: text, new: list(text), old: list(text) }),
  object({ kind: choice("partition_by_changed"), model: text, new: list(text), old: list(text) }),
  object({ kind: choice("target_renamed"), model: text, new: text, old: text }),
  object({ kind: choice("source_changed"), model: text, new: list(text), old: list(text) }),
  object(
    { column: text, kind: choice("column_mask_changed"), model: text },
    { new_strategy: nullable(text), old_strategy: nullable(text) },
  ),
  object({ kind: choice("lakehouse_format_changed"), model: text, new: text, old: text }),
  object({ kind: choice("sql_body_changed"), model: text }),
);

const breakingSeverity = choice("breaking", "warning", "info");

export const breakingFinding = object({ change: breakingChange, severity: breakingSeverity });

const semanticPlanVerdict = object({ base_ref: text, caveat: text, findings: list(breakingFinding) });

const severity = choice("Error", "Warning", "Info");

const sourceSpan = object({ col: integer, file: text, line: integer });

const diagnostic = object(
  { code: text, message: text, model: text, severity: severity },
  { span: nullable(sourceSpan), suggestion: nullable(text) },
);

const classificationAction = object({ column: text, model: text, tag: text });

const maskAction = object({ column: text, model: text, resolved_strategy: text, tag: text });

const retentionAction = object(
  { duration_days: integer, model: text },
  { warehouse_preview: nullable(text) },
);

export const planSchema = object(
  { command: choice("plan"), filter: text, statements: list(plannedStatement), version: text },
  {
    breaking_verdict: nullable(semanticPlanVerdict),
    budget_diagnostics: list(diagnostic),
    classification_actions: list(classificationAction),
    created_at: nullable(text),
    env: nullable(text),
    execution_layers: list(list(text)),
    has_budget_errors: flag,
    mask_actions: list(maskAction),
    models: list(text),
    plan_id: nullable(text),
    plan_kind: nullable(text),
    retention_actions: list(retentionAction),
  },
);
export type PlanOutput = Static<typeof planSchema>;

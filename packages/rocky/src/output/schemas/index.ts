import {
  branchDeleteSchema,
  branchListSchema,
  branchPromoteSchema,
  branchSchema,
  planPromoteSchema,
} from "./branch.ts";
import { catalogSchema } from "./catalog.ts";
import { ciSchema } from "./ci.ts";
import { columnLineageSchema } from "./column-lineage.ts";
import { compareSchema } from "./compare.ts";
import { compileSchema } from "./compile.ts";
import { complianceSchema } from "./compliance.ts";
import { costSchema } from "./cost.ts";
import { dagRunSchema } from "./dag-run.ts";
import { dagSchema } from "./dag.ts";
import { estimateSchema } from "./estimate.ts";
import { discoverSchema } from "./discover.ts";
import { doctorSchema } from "./doctor.ts";
import { historySchema } from "./history.ts";
import { hooksListSchema } from "./hooks-list.ts";
import { hooksTestSchema } from "./hooks-test.ts";
import { lineageDiffSchema } from "./lineage-diff.ts";
import { lineageSchema } from "./lineage.ts";
import {
  listAdaptersSchema,
  listConsumersSchema,
  listDepsSchema,
  listModelsSchema,
  listPipelinesSchema,
  listSourcesSchema,
} from "./list.ts";
import { loadSchema } from "./load.ts";
import { metricsSchema } from "./metrics.ts";
import { modelHistorySchema, recipeHistorySchema } from "./model-history.ts";
import { optimizeSchema } from "./optimize.ts";
import { planSchema } from "./plan.ts";
import { profileSchema } from "./profile.ts";
import { retentionStatusSchema } from "./retention-status.ts";
import { runSchema } from "./run.ts";
import { seedSchema } from "./seed.ts";
import { stateClearSchemaCacheSchema } from "./state-clear-schema-cache.ts";
import { stateReconcileWatermarkSchema } from "./state-reconcile-watermark.ts";
import { stateScheduleSpoolSchema } from "./state-schedule-spool.ts";
import { stateRetentionSweepSchema } from "./state-retention-sweep.ts";
import { snapshotSchema } from "./snapshot.ts";
import { stateSchema } from "./state.ts";
import { testSchema } from "./test.ts";
import { traceSchema } from "./trace.ts";
import { validateSchema } from "./validate.ts";

export type {
  BranchDeleteOutput,
  BranchListOutput,
  BranchOutput,
  BranchPromoteOutput,
  PlanPromoteOutput,
} from "./branch.ts";
export type { CatalogOutput } from "./catalog.ts";
export type { CiOutput } from "./ci.ts";
export type { ColumnLineageOutput } from "./column-lineage.ts";
export type { CompareOutput } from "./compare.ts";
export type { CompileOutput } from "./compile.ts";
export type { ComplianceOutput, ComplianceColumn, ComplianceException } from "./compliance.ts";
export type { CostOutput } from "./cost.ts";
export type { DagRunOutput } from "./dag-run.ts";
export type { DagOutput } from "./dag.ts";
export type { DiscoverOutput } from "./discover.ts";
export type { DoctorOutput, HealthCheck } from "./doctor.ts";
export type { HistoryOutput } from "./history.ts";
export type { HooksListOutput } from "./hooks-list.ts";
export type { HooksTestOutput } from "./hooks-test.ts";
export type { LineageDiffOutput } from "./lineage-diff.ts";
export type { LineageOutput } from "./lineage.ts";
export type {
  ListAdaptersOutput,
  ListConsumersOutput,
  ListDepsOutput,
  ListModelsOutput,
  ListPipelinesOutput,
  ListSourcesOutput,
} from "./list.ts";
export type { LoadOutput } from "./load.ts";
export type { MetricsOutput } from "./metrics.ts";
export type { ModelHistoryOutput, RecipeHistoryOutput } from "./model-history.ts";
export type { OptimizeOutput } from "./optimize.ts";
export type { PlanOutput } from "./plan.ts";
export type { ProfileOutput } from "./profile.ts";
export type { EstimateOutput } from "./estimate.ts";
export type { StateScheduleSpoolOutput } from "./state-schedule-spool.ts";
export type { RetentionStatusOutput } from "./retention-status.ts";
export type { RunOutput } from "./run.ts";
export type { SeedOutput } from "./seed.ts";
export type { StateClearSchemaCacheOutput } from "./state-clear-schema-cache.ts";
export type { StateReconcileWatermarkOutput } from "./state-reconcile-watermark.ts";
export type { StateRetentionSweepOutput } from "./state-retention-sweep.ts";
export type { SnapshotOutput } from "./snapshot.ts";
export type { StateOutput } from "./state.ts";
export type { TestOutput } from "./test.ts";
export type { TraceOutput } from "./trace.ts";
export type { ValidateOutput, ValidateMessage } from "./validate.ts";

/** Every payload shape by name; the names are those of the published JSON schemas. */
export const outputSchemas = Object.freeze({
  branch: branchSchema,
  branch_delete: branchDeleteSchema,
  branch_list: branchListSchema,
  branch_promote: branchPromoteSchema,
  catalog: catalogSchema,
  ci: ciSchema,
  column_lineage: columnLineageSchema,
  compare: compareSchema,
  compile: compileSchema,
  compliance: complianceSchema,
  cost: costSchema,
  dag_run: dagRunSchema,
  dag: dagSchema,
  discover: discoverSchema,
  doctor: doctorSchema,
  estimate: estimateSchema,
  history: historySchema,
  hooks_list: hooksListSchema,
  hooks_test: hooksTestSchema,
  lineage_diff: lineageDiffSchema,
  lineage: lineageSchema,
  list_adapters: listAdaptersSchema,
  list_consumers: listConsumersSchema,
  list_deps: listDepsSchema,
  list_models: listModelsSchema,
  list_pipelines: listPipelinesSchema,
  list_sources: listSourcesSchema,
  load: loadSchema,
  metrics: metricsSchema,
  model_history: modelHistorySchema,
  optimize: optimizeSchema,
  plan: planSchema,
  plan_promote: planPromoteSchema,
  profile: profileSchema,
  recipe_history: recipeHistorySchema,
  retention_status: retentionStatusSchema,
  run: runSchema,
  seed: seedSchema,
  state_clear_schema_cache: stateClearSchemaCacheSchema,
  state_reconcile_watermark: stateReconcileWatermarkSchema,
  state_schedule_spool: stateScheduleSpoolSchema,
  state_retention_sweep: stateRetentionSweepSchema,
  snapshot: snapshotSchema,
  state: stateSchema,
  test: testSchema,
  trace: traceSchema,
  validate: validateSchema,
});

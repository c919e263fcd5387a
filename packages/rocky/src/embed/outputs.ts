// TYPES ONLY: importing a command here would load it with every embedder.
import type { branchCreate, branchDelete, branchList, branchShow } from "../commands/branch.ts";
import type { branchPromote, planPromote } from "../commands/promote.ts";
import type { estimate } from "../commands/estimate.ts";
import type { profile } from "../commands/profile.ts";
import type { stateScheduleSpool } from "../commands/state-schedule.ts";
import type { catalog } from "../commands/catalog.ts";
import type { ci } from "../commands/ci.ts";
import type { compare } from "../commands/compare.ts";
import type { compile } from "../commands/compile.ts";
import type { compliance } from "../commands/compliance.ts";
import type { cost } from "../commands/cost.ts";
import type { dag } from "../commands/dag.ts";
import type { discover } from "../commands/discover.ts";
import type { doctor } from "../commands/doctor.ts";
import type { emitSql } from "../commands/emit-sql.ts";
import type { history } from "../commands/history.ts";
import type { hooksList } from "../commands/hooks-list.ts";
import type { hooksTest } from "../commands/hooks-test.ts";
import type { lineageDiff } from "../commands/lineage-diff.ts";
import type { lineage } from "../commands/lineage.ts";
import type {
  listAdapters,
  listConsumers,
  listDeps,
  listModels,
  listPipelines,
  listSources,
} from "../commands/list.ts";
import type { metrics } from "../commands/metrics.ts";
import type { optimize } from "../commands/optimize.ts";
import type { retentionStatus } from "../commands/retention-status.ts";
import type { run } from "../commands/run.ts";
import type { serve } from "../commands/serve.ts";
import type { stateClearSchemaCache, stateRetentionSweep } from "../commands/state-maintenance.ts";
import type { stateReconcileWatermark } from "../commands/state-reconcile-watermark.ts";
import type { state } from "../commands/state.ts";
import type { test } from "../commands/test.ts";
import type { trace } from "../commands/trace.ts";
import type { validate } from "../commands/validate.ts";
import type { plan } from "../commands/plan.ts";
import type { apply } from "../commands/apply.ts";
import type { seed } from "../commands/seed.ts";
import type { load } from "../commands/load.ts";
import type { snapshot } from "../commands/snapshot.ts";
import type * as shapes from "../output/schemas/index.ts";
import type { OptionsOf } from "./options.ts";

interface Entry<C, O> {
  readonly options: OptionsOf<C>;
  readonly output: O;
}

/** What each command takes and prints. */
export interface Outputs {
  readonly catalog: Entry<typeof catalog, shapes.CatalogOutput>;
  readonly compare: Entry<typeof compare, shapes.CompareOutput>;
  readonly "lineage-diff": Entry<typeof lineageDiff, shapes.LineageDiffOutput>;
  readonly "list adapters": Entry<typeof listAdapters, shapes.ListAdaptersOutput>;
  readonly "list consumers": Entry<typeof listConsumers, shapes.ListConsumersOutput>;
  readonly "list deps": Entry<typeof listDeps, shapes.ListDepsOutput>;
  readonly "list models": Entry<typeof listModels, shapes.ListModelsOutput>;
  readonly "list pipelines": Entry<typeof listPipelines, shapes.ListPipelinesOutput>;
  readonly "list sources": Entry<typeof listSources, shapes.ListSourcesOutput>;
  readonly "state clear-schema-cache": Entry<
    typeof stateClearSchemaCache,
    shapes.StateClearSchemaCacheOutput
  >;
  readonly "state reconcile-watermark": Entry<
    typeof stateReconcileWatermark,
    shapes.StateReconcileWatermarkOutput
  >;
  readonly "state retention sweep": Entry<typeof stateRetentionSweep, shapes.StateRetentionSweepOutput>;
  readonly ci: Entry<typeof ci, shapes.CiOutput>;
  readonly compile: Entry<typeof compile, shapes.CompileOutput>;
  readonly compliance: Entry<typeof compliance, shapes.ComplianceOutput>;
  readonly cost: Entry<typeof cost, shapes.CostOutput>;
  readonly dag: Entry<typeof dag, shapes.DagOutput>;
  readonly discover: Entry<typeof discover, shapes.DiscoverOutput>;
  readonly doctor: Entry<typeof doctor, shapes.DoctorOutput>;
  readonly history: Entry<
    typeof history,
    shapes.HistoryOutput | shapes.ModelHistoryOutput | shapes.RecipeHistoryOutput
  >;
  readonly "hooks list": Entry<typeof hooksList, shapes.HooksListOutput>;
  readonly "hooks test": Entry<typeof hooksTest, shapes.HooksTestOutput>;
  readonly lineage: Entry<typeof lineage, shapes.LineageOutput | shapes.ColumnLineageOutput>;
  readonly metrics: Entry<typeof metrics, shapes.MetricsOutput>;
  readonly optimize: Entry<typeof optimize, shapes.OptimizeOutput>;
  readonly "retention-status": Entry<typeof retentionStatus, shapes.RetentionStatusOutput>;
  readonly run: Entry<typeof run, shapes.RunOutput | shapes.DagRunOutput | shapes.LoadOutput>;
  readonly state: Entry<typeof state, shapes.StateOutput>;
  readonly test: Entry<typeof test, shapes.TestOutput>;
  readonly trace: Entry<typeof trace, shapes.TraceOutput>;
  readonly validate: Entry<typeof validate, shapes.ValidateOutput>;
  readonly plan: Entry<typeof plan, shapes.PlanOutput>;
  readonly estimate: Entry<typeof estimate, shapes.EstimateOutput>;
  readonly profile: Entry<typeof profile, shapes.ProfileOutput>;
  readonly "state schedule spool": Entry<typeof stateScheduleSpool, shapes.StateScheduleSpoolOutput>;
  readonly "plan promote": Entry<typeof planPromote, shapes.PlanPromoteOutput>;
  readonly "branch create": Entry<typeof branchCreate, shapes.BranchOutput>;
  readonly "branch show": Entry<typeof branchShow, shapes.BranchOutput>;
  readonly "branch list": Entry<typeof branchList, shapes.BranchListOutput>;
  readonly "branch delete": Entry<typeof branchDelete, shapes.BranchDeleteOutput>;
  readonly "branch promote": Entry<typeof branchPromote, shapes.BranchPromoteOutput>;
  readonly apply: Entry<typeof apply, shapes.RunOutput | shapes.BranchPromoteOutput>;
  readonly seed: Entry<typeof seed, shapes.SeedOutput>;
  readonly load: Entry<typeof load, shapes.LoadOutput>;
  readonly snapshot: Entry<typeof snapshot, shapes.SnapshotOutput>;
}

/** Options of the commands that print text instead of a payload. */
export interface Texts {
  readonly "emit-sql": OptionsOf<typeof emitSql>;
  readonly serve: OptionsOf<typeof serve>;
}

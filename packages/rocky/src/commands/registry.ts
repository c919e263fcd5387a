import type { AnyCommand } from "./command.ts";

/** A command that is loaded only when it is invoked, so that small commands start fast. */
export interface RegistryEntry {
  readonly summary: string;
  readonly load: () => Promise<AnyCommand>;
}

/** Keys are the words as typed. The longest key that matches the leading words wins (`hooks list`). */
export const registry: Readonly<Record<string, RegistryEntry>> = {
  validate: {
    summary: "Check the configuration and the models without touching a warehouse",
    load: async () => (await import("./validate.ts")).validate,
  },
  compile: {
    summary: "Check the models: dependencies, columns, types, contracts",
    load: async () => (await import("./compile.ts")).compile,
  },
  dag: {
    summary: "Show seeds, pipelines, models and tests as one graph",
    load: async () => (await import("./dag.ts")).dag,
  },
  lineage: {
    summary: "Show where a model's columns come from, or follow one column",
    load: async () => (await import("./lineage.ts")).lineage,
  },
  compliance: {
    summary: "Check that every classified column resolves to a mask",
    load: async () => (await import("./compliance.ts")).compliance,
  },
  "retention-status": {
    summary: "Report the retention that models declare",
    load: async () => (await import("./retention-status.ts")).retentionStatus,
  },
  doctor: {
    summary: "Check configuration, state, adapters and credentials",
    load: async () => (await import("./doctor.ts")).doctor,
  },
  "hooks list": {
    summary: "List the commands that run on events",
    load: async () => (await import("./hooks-list.ts")).hooksList,
  },
  "hooks test": {
    summary: "Fire an event with made-up values to try its hooks",
    load: async () => (await import("./hooks-test.ts")).hooksTest,
  },
  "list pipelines": {
    summary: "List the pipelines of the configuration",
    load: async () => (await import("./list.ts")).listPipelines,
  },
  "list adapters": {
    summary: "List the adapters of the configuration",
    load: async () => (await import("./list.ts")).listAdapters,
  },
  "list sources": {
    summary: "List where replication pipelines read from",
    load: async () => (await import("./list.ts")).listSources,
  },
  "list models": {
    summary: "List the models with their targets",
    load: async () => (await import("./list.ts")).listModels,
  },
  "list deps": {
    summary: "List what a model declares to depend on",
    load: async () => (await import("./list.ts")).listDeps,
  },
  "list consumers": {
    summary: "List the models that declare to depend on a model",
    load: async () => (await import("./list.ts")).listConsumers,
  },
  init: {
    summary: "Start a project in a folder",
    load: async () => (await import("./init.ts")).init,
  },
  playground: {
    summary: "Write a small project that runs at once, to try things",
    load: async () => (await import("./playground.ts")).playground,
  },
  completions: {
    summary: "Print a completion script for a shell",
    load: async () => (await import("./completions.ts")).completions,
  },
  test: {
    summary: "Build the models on sample data, run their unit tests, or ask their declared tests",
    load: async () => (await import("./test.ts")).test,
  },
  ci: {
    summary: "Compile the models and build them on sample data",
    load: async () => (await import("./ci.ts")).ci,
  },
  discover: {
    summary: "List the sources and tables that a replication pipeline copies",
    load: async () => (await import("./discover.ts")).discover,
  },
  run: {
    summary: "Copy sources, build models, check and snapshot: whatever the pipeline says",
    load: async () => (await import("./run.ts")).run,
  },
  plan: {
    summary: "Show what a run would do and keep it as a plan that can be applied",
    load: async () => (await import("./plan.ts")).plan,
  },
  "plan promote": {
    summary: "Plan how a branch's tables replace those in production",
    load: async () => (await import("./promote.ts")).planPromote,
  },
  "branch create": {
    summary: "Name a place where runs with --branch write",
    load: async () => (await import("./branch.ts")).branchCreate,
  },
  "branch list": {
    summary: "List the branches",
    load: async () => (await import("./branch.ts")).branchList,
  },
  "branch show": {
    summary: "Show a branch",
    load: async () => (await import("./branch.ts")).branchShow,
  },
  "branch delete": {
    summary: "Forget a branch; its tables stay",
    load: async () => (await import("./branch.ts")).branchDelete,
  },
  "branch promote": {
    summary: "Replace tables in production by those of a branch",
    load: async () => (await import("./promote.ts")).branchPromote,
  },
  apply: {
    summary: "Run a plan that `plan` has made",
    load: async () => (await import("./apply.ts")).apply,
  },
  state: {
    summary: "Show how far each replicated table has come",
    load: async () => (await import("./state.ts")).state,
  },
  "state show": {
    summary: "Show how far each replicated table has come",
    load: async () => (await import("./state.ts")).stateShow,
  },
  "state schedule spool": {
    summary: "List the runs that webhooks have asked for and nobody has started",
    load: async () => (await import("./state-schedule.ts")).stateScheduleSpool,
  },
  "state schedule pause": {
    summary: "Say where to pause a schedule",
    load: async () => (await import("./state-schedule.ts")).stateSchedulePause,
  },
  "state schedule resume": {
    summary: "Say where to resume a schedule",
    load: async () => (await import("./state-schedule.ts")).stateScheduleResume,
  },
  "state clear-schema-cache": {
    summary: "Forget the columns of source tables that `discover --with-schemas` kept",
    load: async () => (await import("./state-maintenance.ts")).stateClearSchemaCache,
  },
  "state reconcile-watermark": {
    summary: "Set watermarks to what the copied tables really hold",
    load: async () => (await import("./state-reconcile-watermark.ts")).stateReconcileWatermark,
  },
  "state retention sweep": {
    summary: "Remove old runs from the state store",
    load: async () => (await import("./state-maintenance.ts")).stateRetentionSweep,
  },
  history: {
    summary: "List past runs, or the executions of one model",
    load: async () => (await import("./history.ts")).history,
  },
  optimize: {
    summary: "Recommend how models could be materialized, from what runs have cost",
    load: async () => (await import("./optimize.ts")).optimize,
  },
  metrics: {
    summary: "Show what checks have measured of a table",
    load: async () => (await import("./metrics.ts")).metrics,
  },
  cost: {
    summary: "Show what a run has cost, model by model",
    load: async () => (await import("./cost.ts")).cost,
  },
  trace: {
    summary: "Show when each model of a run was working",
    load: async () => (await import("./trace.ts")).trace,
  },
  seed: {
    summary: "Load CSV files that belong to the project into the warehouse",
    load: async () => (await import("./seed.ts")).seed,
  },
  load: {
    summary: "Load the files of a directory into tables",
    load: async () => (await import("./load.ts")).load,
  },
  snapshot: {
    summary: "Record how the rows of a table have changed since the last time",
    load: async () => (await import("./snapshot.ts")).snapshot,
  },
  estimate: {
    summary: "Ask the warehouse how it would run the models, without running them",
    load: async () => (await import("./estimate.ts")).estimate,
  },
  profile: {
    summary: "Count rows, NULLs and values of a model's columns",
    load: async () => (await import("./profile.ts")).profile,
  },
  "emit-sql": {
    summary: "Print the SQL that builds the models, for any warehouse",
    load: async () => (await import("./emit-sql.ts")).emitSql,
  },
  catalog: {
    summary: "Describe every model and source with columns, types and lineage",
    load: async () => (await import("./catalog.ts")).catalog,
  },
  "lineage-diff": {
    summary: "Say which columns changed since a git reference and who reads them",
    load: async () => (await import("./lineage-diff.ts")).lineageDiff,
  },
  compare: {
    summary: "Compare the tables of a shadow run with those in production",
    load: async () => (await import("./compare.ts")).compare,
  },
  serve: {
    summary: "Answer compile, lineage, metrics and jobs over HTTP until interrupted",
    load: async () => (await import("./serve.ts")).serve,
  },
};

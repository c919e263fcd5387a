import { type CompileOutput, decodeCompile } from "../outputs/compile.ts";
import { type DiscoverOutput, decodeDiscover } from "../outputs/discover.ts";
import { type JsonRecord, record, text } from "../decode.ts";
import {
  type DagOutput,
  decodeDag,
  decodeLineage,
  type ColumnLineageOutput,
  type ModelLineageOutput,
} from "../outputs/graph.ts";
import {
  type ComplianceOutput,
  type DoctorOutput,
  decodeCompliance,
  decodeDoctor,
  decodeFreshness,
  decodeHistory,
  decodeOptimize,
  decodeRetentionStatus,
  decodeState,
  type FreshnessOutput,
  type ModelHistoryOutput,
  type OptimizeOutput,
  type RetentionStatusOutput,
  type RunHistoryOutput,
  type StateOutput,
} from "../outputs/reports.ts";
import { FEATURE_FLOORS } from "../version-gate.ts";
import { command, contracts, flag, models, toggle } from "./command.ts";

export interface DagOptions {
  readonly columnLineage?: boolean;
  /** Absent: every pipeline's own models, which needs a recent engine. */
  readonly modelsDir?: string;
}

/** Commands that read: nothing in the warehouse changes. */
export const inspectingCommands = {
  discover: command<{ readonly pipeline?: string; readonly emitFivetranStateTo?: string }, DiscoverOutput>({
    args: (options) => [
      "discover",
      ...flag("--pipeline", options.pipeline),
      ...flag("--emit-fivetran-state-to", options.emitFivetranStateTo),
    ],
    decode: decodeDiscover,
  }),
  compile: command<{ readonly model?: string }, CompileOutput>({
    args: (options, config) => [
      "compile",
      ...models(config),
      ...contracts(config),
      ...flag("--model", options.model),
    ],
    partial: true,
    decode: decodeCompile,
  }),
  lineage: command<
    { readonly target: string; readonly column?: string },
    ModelLineageOutput | ColumnLineageOutput
  >({
    args: (options, config) => [
      "lineage",
      ...models(config),
      options.target,
      ...flag("--column", options.column),
    ],
    decode: decodeLineage,
  }),
  catalog: command<{ readonly out?: string }, JsonRecord>({
    args: (options, config) => ["catalog", ...models(config), ...flag("--out", options.out)],
    decode: record,
  }),
  dag: command<DagOptions, DagOutput>({
    args: (options, config) => [
      "dag",
      ...flag("--models", options.modelsDir),
      ...contracts(config),
      ...toggle("--column-lineage", options.columnLineage),
    ],
    decode: decodeDag,
    floor: (options) => (options.modelsDir === undefined ? FEATURE_FLOORS.dagWithoutModels : undefined),
  }),
  test: command<{ readonly model?: string }, JsonRecord>({
    args: (options, config) => [
      "test",
      ...models(config),
      ...contracts(config),
      ...flag("--model", options.model),
    ],
    partial: true,
    decode: record,
  }),
  ci: command<Record<never, never>, JsonRecord>({
    args: (_options, config) => ["ci", ...models(config), ...contracts(config)],
    partial: true,
    decode: record,
  }),
  state: command<Record<never, never>, StateOutput>({ args: () => ["state"], decode: decodeState }),
  reconcileWatermark: command<
    { readonly pipeline: string; readonly tables?: readonly string[]; readonly dryRun?: boolean },
    JsonRecord
  >({
    args: (options) => [
      "state",
      "reconcile-watermark",
      "--pipeline",
      options.pipeline,
      ...(options.tables ?? []).flatMap((table) => ["--table", table]),
      ...toggle("--dry-run", options.dryRun),
    ],
    decode: record,
  }),
  scheduleSpool: command<Record<never, never>, JsonRecord>({
    args: () => ["state", "schedule", "spool"],
    decode: record,
  }),
  history: command<
    { readonly model?: string; readonly since?: string },
    RunHistoryOutput | ModelHistoryOutput
  >({
    args: (options) => ["history", ...flag("--model", options.model), ...flag("--since", options.since)],
    decode: decodeHistory,
  }),
  metrics: command<
    { readonly model: string; readonly trend?: boolean; readonly column?: string; readonly alerts?: boolean },
    JsonRecord
  >({
    args: (options) => [
      "metrics",
      options.model,
      ...toggle("--trend", options.trend),
      ...flag("--column", options.column),
      ...toggle("--alerts", options.alerts),
    ],
    decode: record,
  }),
  optimize: command<{ readonly model?: string }, OptimizeOutput>({
    args: (options, config) => ["optimize", ...models(config), ...flag("--model", options.model)],
    decode: decodeOptimize,
  }),
  cost: command<{ readonly runId?: string }, JsonRecord>({
    args: (options) => ["cost", options.runId ?? "latest"],
    decode: record,
  }),
  costByProduct: command<{ readonly month: string }, JsonRecord>({
    args: (options) => ["cost", "--month", options.month, "--by", "product"],
    decode: record,
  }),
  profile: command<
    { readonly model: string; readonly column?: string; readonly sample?: number },
    JsonRecord
  >({
    args: (options, config) => [
      "profile",
      options.model,
      ...models(config),
      ...flag("--column", options.column),
      ...flag("--sample", options.sample),
    ],
    decode: record,
  }),
  doctor: command<{ readonly check?: string }, DoctorOutput>({
    args: (options) => ["doctor", ...flag("--check", options.check)],
    partial: true,
    decode: decodeDoctor,
  }),
  compliance: command<{ readonly env?: string }, ComplianceOutput>({
    args: (options, config) => ["compliance", ...models(config), ...flag("--env", options.env)],
    decode: decodeCompliance,
  }),
  freshness: command<{ readonly pipeline?: string }, FreshnessOutput>({
    args: (options) => ["freshness", ...flag("--pipeline", options.pipeline)],
    partial: true,
    decode: decodeFreshness,
  }),
  retentionStatus: command<Record<never, never>, RetentionStatusOutput>({
    args: (_options, config) => ["retention-status", ...models(config)],
    decode: decodeRetentionStatus,
  }),
  reviewStatus: command<{ readonly planId: string }, JsonRecord>({
    args: ({ planId }) => ["review", planId, "--status"],
    decode: record,
  }),
  hooksList: command<Record<never, never>, string>({
    args: () => ["hooks", "list"],
    output: "text",
    decode: text,
  }),
  hooksTest: command<{ readonly event: string }, string>({
    args: ({ event }) => ["hooks", "test", event],
    output: "text",
    decode: text,
  }),
  validateMigration: command<
    { readonly dbtProject: string; readonly rockyProject?: string; readonly sampleSize?: number },
    JsonRecord
  >({
    args: (options) => [
      "validate-migration",
      "--dbt-project",
      options.dbtProject,
      ...flag("--rocky-project", options.rockyProject),
      ...flag("--sample-size", options.sampleSize),
    ],
    decode: record,
  }),
  testAdapter: command<{ readonly adapter?: string; readonly command?: string }, JsonRecord>({
    args: (options) => [
      "test-adapter",
      ...flag("--adapter", options.adapter),
      ...flag("--command", options.command),
    ],
    decode: record,
  }),
} as const;

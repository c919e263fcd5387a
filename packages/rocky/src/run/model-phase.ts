import type { Session } from "../adapters/adapter.ts";
import { type CompiledModel, digest } from "../compile/index.ts";
import type { Model } from "../models/index.ts";
import { forgetBuilds } from "../state/model-builds.ts";
import { putProgress } from "../state/progress.ts";
import { computedPartitions, putPartition } from "../state/partitions.ts";
import type { RunEnvironment } from "./environment.ts";
import { keyText, runEvents } from "./events.ts";
import { failureKindOf, failureText, isInterruption } from "./failure.ts";
import { isoTime, sqlTime } from "./partitions/period.ts";
import { type PartitionBatch, type PartitionRequest, planPartitions } from "./partitions/plan.ts";
import type { RunProject } from "./project.ts";
import type { RunReport } from "./report.ts";
import { buildOf } from "./resume-models.ts";
import { createSkipGate, type SkipGate } from "./skip/gate.ts";
import { fillWindow } from "./strategies/statements.ts";
import { riding, type Transience } from "./transient.ts";
import { ensureSchema, writeModel } from "./write-model.ts";

export interface ModelPhase {
  readonly env: RunEnvironment;
  readonly session: Session;
  readonly project: RunProject;
  readonly report: RunReport;
  readonly runId: string;
  /** What this run is a part of, when it is one of many. */
  readonly work: string | undefined;
  readonly partitions: PartitionRequest;
  readonly createSchemas: boolean;
  /** Leave out models whose SQL and inputs are those of their last build. */
  readonly skipUnchanged: boolean;
  /** Where a runtime failure is filed; the model's own name when undefined. */
  readonly failureKey: readonly string[] | undefined;
  /** What the run which this one goes on with has built; see `buildOf`. */
  readonly finished: ReadonlySet<string>;
}

/** Keeps book of what is built from what. Shadow runs do not touch the real tables, so they leave it alone. */
const openGate = async (phase: ModelPhase, names: ReadonlySet<string>): Promise<SkipGate | undefined> => {
  if (phase.report.shadow) return undefined;
  const state = await phase.env.state("write");
  if (!phase.skipUnchanged) {
    await forgetBuilds(state, names);
    return undefined;
  }
  return createSkipGate({
    models: phase.project.compiled.models,
    session: phase.session,
    state,
    settings: phase.env.config.run,
    runId: phase.runId,
  });
};

/** True when the model need not be built; files the decision either way. */
const mayBeSkipped = async (
  phase: ModelPhase,
  { compiled, assetKey }: Work,
  gate: SkipGate | undefined,
): Promise<boolean> => {
  if (gate === undefined || compiled.errors.length > 0) return false;
  const { decision, reason } = await gate.decide(compiled);
  phase.report.modelDecisions.push({ model: compiled.name, decision, reason });
  if (decision === "build") return false;
  runEvents(phase.env.emit).skipped(assetKey, reason);
  return true;
};

type Outcome = "done" | "uncompiled" | "failed" | "interrupted";

interface Work {
  readonly model: Model;
  readonly compiled: CompiledModel;
  readonly assetKey: readonly string[];
}

const sqlHashOf = (compiled: CompiledModel, batch: PartitionBatch | undefined): string =>
  batch === undefined
    ? compiled.sqlHash
    : digest(fillWindow(compiled.sql, sqlTime(batch.start), sqlTime(batch.end)));

const partitionOf = (batch: PartitionBatch) => {
  const [first, ...rest] = batch.periods.map((period) => period.key);
  return {
    key: first ?? "",
    start: isoTime(batch.start),
    end: isoTime(batch.end),
    ...(rest.length === 0 ? {} : { batched_with: rest }),
  };
};

const transienceOf = ({ env, report }: ModelPhase, { assetKey }: Work): Transience => ({
  policy: env.config.resilience,
  counts: report,
  signal: env.signal,
  onRetry: (error, waitMs) =>
    runEvents(env.emit).warn(
      `model ${keyText(assetKey)} is tried again in ${Math.round(waitMs)} ms: ${failureText(error)}`,
      { event: "model_attempt_failed", asset_key: keyText(assetKey), wait_ms: Math.round(waitMs) },
    ),
});

/** Builds a model, or one batch of its partitions, and files the result. Throws what the warehouse throws. */
const build = async (phase: ModelPhase, work: Work, batch?: PartitionBatch): Promise<void> => {
  const { model, compiled, assetKey } = work;
  const { strategy } = model;
  const events = runEvents(phase.env.emit);
  const partition =
    batch === undefined ? {} : { partition: batch.periods.map((period) => period.key).join(",") };
  const startedAt = new Date();
  const started = performance.now();
  events.started("model", assetKey, partition);
  await phase.env.context.settleHooks?.();
  const sqlHash = sqlHashOf(compiled, batch);
  const file = (status: "success" | "failed", rows?: number): number => {
    const durationMs = Math.round(performance.now() - started);
    phase.report.executions.push({
      modelName: model.name,
      assetKey,
      startedAt: startedAt.toISOString(),
      finishedAt: new Date().toISOString(),
      durationMs,
      status,
      sqlHash,
      ...(rows === undefined ? {} : { rowsAffected: rows }),
    });
    return durationMs;
  };
  try {
    const rows = await riding(transienceOf(phase, work), () => writeModel(phase, model, compiled, batch));
    const durationMs = file("success", rows);
    const holdsRows = strategy.type !== "view" && strategy.type !== "ephemeral";
    events.finished("model", assetKey, holdsRows ? rows : undefined, durationMs, partition);
    phase.report.materializations.push({
      asset_key: assetKey,
      rows_copied: null,
      duration_ms: durationMs,
      started_at: startedAt.toISOString(),
      metadata: {
        strategy: strategy.type,
        target_table_full_name: assetKey.join("."),
        sql_hash: sqlHash,
        column_count: compiled.columns.length - model.surrogateKeys.length,
        compile_time_ms: phase.project.compileMs,
      },
      ...(batch === undefined ? {} : { partition: partitionOf(batch) }),
      cost_usd: 0,
    });
  } catch (error) {
    file("failed");
    throw error;
  }
};

/** Computes the asked partitions one after the other; the first failure ends the model. */
const buildPartitions = async (phase: ModelPhase, work: Work): Promise<void> => {
  const { model } = work;
  if (model.strategy.type !== "time_interval") return build(phase, work);
  const state = await phase.env.state("write");
  const computed = await computedPartitions(state, model.name);
  const batches = planFor(phase, work, computed);
  let succeeded = 0;
  const record = (batch: PartitionBatch, status: "Computed" | "Failed" | "Interrupted"): Promise<unknown> =>
    Promise.all(
      batch.periods.map(({ key }) =>
        putPartition(state, { model: model.name, key, status, runId: phase.runId }),
      ),
    );
  const planned = batches.reduce((count, batch) => count + batch.periods.length, 0);
  try {
    for (const batch of batches) {
      try {
        await build(phase, work, batch);
      } catch (error) {
        await record(batch, isInterruption(error) ? "Interrupted" : "Failed");
        throw error;
      }
      await record(batch, "Computed");
      succeeded += batch.periods.length;
    }
  } finally {
    phase.report.partitionSummaries.push({
      model: model.name,
      partitions_planned: planned,
      partitions_succeeded: succeeded,
      partitions_failed: planned - succeeded,
    });
  }
};

const planFor = (phase: ModelPhase, { model, compiled, assetKey }: Work, computed: ReadonlySet<string>) => {
  if (model.strategy.type !== "time_interval") return [];
  try {
    return planPartitions(model.strategy, phase.partitions, phase.report.startedAt, computed);
  } catch (error) {
    // The history keeps the attempt, although nothing was sent to the warehouse.
    const now = new Date().toISOString();
    phase.report.executions.push({
      modelName: model.name,
      assetKey,
      startedAt: now,
      finishedAt: now,
      durationMs: 0,
      status: "failed",
      sqlHash: compiled.sqlHash,
    });
    throw error;
  }
};

const fail = (phase: ModelPhase, work: Work, error: unknown): void => {
  const { report, env } = phase;
  const text = `model '${work.model.name}' failed: ${failureText(error)}`;
  report.tablesFailed += 1;
  report.errors.push({
    asset_key: phase.failureKey ?? [work.model.name],
    error: text,
    failure_kind: failureKindOf(error),
  });
  runEvents(env.emit).failed("model", work.assetKey, failureText(error));
};

const refuseUncompiled = (phase: ModelPhase, { model, compiled, assetKey }: Work): void => {
  phase.report.tablesFailed += 1;
  for (const { code, message } of compiled.errors) {
    phase.report.errors.push({
      asset_key: [model.name],
      error: `model '${model.name}' does not compile: ${code} ${message}`,
      failure_kind: "compile-error",
    });
  }
  runEvents(phase.env.emit).failed("model", assetKey, compiled.errors.map(({ code }) => code).join(", "));
};

/** Models that cannot run because one that they read, directly or not, has failed. */
const contain = (phase: ModelPhase, work: Work, blockers: readonly string[]): void => {
  phase.report.contained.push({
    model: work.model.name,
    blocked_by: blockers,
    unblock_hint: `fix ${blockers.join(", ")} and run again`,
  });
  runEvents(phase.env.emit).warn(`model ${work.model.name} was not run: ${blockers.join(", ")} failed`, {
    event: "model_contained",
    asset_key: work.assetKey.join("/"),
  });
};

const runOne = async (phase: ModelPhase, work: Work, schemas: Set<string>): Promise<Outcome> => {
  if (work.compiled.errors.length > 0) {
    refuseUncompiled(phase, work);
    return "uncompiled";
  }
  try {
    await ensureSchema(phase, work.model, schemas);
    await buildPartitions(phase, work);
    return "done";
  } catch (error) {
    if (isInterruption(error)) {
      phase.report.interrupted = true;
      return "interrupted";
    }
    fail(phase, work, error);
    return "failed";
  }
};

/**
 * Runs the named models in dependency order. DuckDB already uses every core for one statement, so models run one
 * after the other. A failure ends the phase, unless the config contains failures: then only its readers are held.
 */
export const runModels = async (phase: ModelPhase, names: ReadonlySet<string>): Promise<void> => {
  const { project, env } = phase;
  runEvents(env.emit).note("models_compiled", { models: project.compiled.models.size });
  const gate = await openGate(phase, names);
  const schemas = new Set<string>();
  const failed = new Set<string>();
  const built = new Set<string>();
  for (const name of project.compiled.layers.flat()) {
    const compiled = project.compiled.models.get(name);
    if (!names.has(name) || compiled === undefined) continue;
    const { model } = compiled;
    const { catalog, schema, table } = model.target;
    const work: Work = { model, compiled, assetKey: [catalog, schema, table] };
    if (env.signal.aborted) {
      phase.report.interrupted = true;
      return;
    }
    const before = [...compiled.dependsOn, ...compiled.runsAfter];
    const blockers = before.filter((upstream) => failed.has(upstream));
    if (blockers.length > 0) {
      failed.add(name);
      contain(phase, work, blockers);
      continue;
    }
    const build = buildOf(work.assetKey, compiled.sqlHash);
    const kept = phase.finished.has(build) && model.strategy.type !== "time_interval";
    if (kept && !before.some((upstream) => built.has(upstream))) {
      const state = await env.state("write");
      await state.write((transaction) => putProgress(transaction, phase.runId, build, "success"));
      phase.report.tablesSkipped += 1;
      runEvents(env.emit).skipped(work.assetKey, "the run that this one goes on with has built it");
      continue;
    }
    if (await mayBeSkipped(phase, work, gate)) continue;
    built.add(name);
    const outcome = await runOne(phase, work, schemas);
    const { containFailures } = env.config.resilience;
    if (outcome === "interrupted" || (outcome === "failed" && !containFailures)) return;
    if (outcome === "done") await gate?.built(compiled);
    // The table is that of an earlier run, or missing. Where nothing is contained, its readers run all the same.
    else if (containFailures) failed.add(name);
  }
};

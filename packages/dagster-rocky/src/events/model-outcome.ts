import { AssetEvent, type AssetKey, type TableColumnLineage } from "@dagster-rocky/dagster";
import type { Grain, TargetTable } from "../dispatch/plans.ts";
import { rockyToDagsterPartitionKey } from "../partitions/keys.ts";
import type { EngineMaterialization, RunOutput } from "../resource/outputs/run.ts";
import type { RunReport } from "../resource/plan-then-apply.ts";
import { withoutSuffix } from "./key-index.ts";
import { materialized, runMetadata } from "./materialization.ts";
import { runProblems } from "./verdict.ts";

/** Which model a run was made for, and which of its partitions. */
export interface ModelIdentity {
  readonly key: AssetKey;
  readonly name: string;
  readonly target?: TargetTable;
  readonly grain?: Grain;
  readonly columnLineage?: TableColumnLineage;
  /** Dagster's keys, in order; empty when not partitioned. */
  readonly partitions: readonly string[];
  /** True when the run was made for other models as well: what it says as a whole is not about this one. */
  readonly isOneOfSeveral?: boolean;
}

/** What one model's run came to. Events are what the engine reported, whatever the verdict. */
export interface ModelOutcome {
  readonly events: readonly AssetEvent[];
  readonly failure?: { readonly reason: string; readonly failureKind?: string };
}

const same = (a: readonly string[], b: readonly string[]): boolean =>
  a.length === b.length && a.every((part, index) => part === b[index]);

/** Engines name a model by its target, by its name, or (custom translators) by nothing but the asset key. */
const isAbout = (path: readonly string[], model: ModelIdentity, suffix: string | undefined): boolean => {
  const plain = withoutSuffix(path, suffix);
  const { target } = model;
  return (
    same(plain, [model.name]) ||
    same(plain, model.key.path) ||
    (target !== undefined && same(plain, [target.catalog, target.schema, target.table]))
  );
};

const partitionOf = (entry: EngineMaterialization, grain: Grain | undefined): string | undefined => {
  const key = entry.partition?.key;
  if (key === undefined || grain === undefined) return key;
  try {
    return rockyToDagsterPartitionKey(grain, key);
  } catch {
    // A key of another form is shown as the engine wrote it and matches no partition of the run.
    return key;
  }
};

interface Written {
  readonly events: readonly AssetEvent[];
  readonly partitions: ReadonlySet<string>;
  /** True when the engine reported the model without saying which partition. */
  readonly whole: boolean;
}

const written = (report: RunReport, model: ModelIdentity): Written => {
  const { columnLineage } = model;
  const expected = new Set(model.partitions);
  const partitions = new Set<string>();
  const events: AssetEvent[] = [];
  let whole = false;
  for (const entry of report.run.materializations) {
    if (!isAbout(entry.assetKey, model, report.shadowSuffix)) continue;
    const partition = partitionOf(entry, model.grain);
    if (partition === undefined || expected.size === 0) {
      if (whole) continue;
      whole = true;
      events.push(materialized(model.key, entry, report, { columnLineage }));
    } else if (expected.has(partition) && !partitions.has(partition)) {
      partitions.add(partition);
      events.push(materialized(model.key, entry, report, { partition, columnLineage }));
    }
  }
  return { events, partitions, whole };
};

/** The engine looked at the model and proved that building it again would change nothing. */
const upToDate = (report: RunReport, model: ModelIdentity): AssetEvent | undefined => {
  const { run } = report;
  const decision = run.modelDecisions.find(
    (entry) => entry.model === model.name && entry.decision !== "build",
  );
  if (decision === undefined) return undefined;
  return AssetEvent.materialize({
    assetKey: model.key,
    description: `Not built again (${decision.decision}): ${decision.reason}`,
    metadata: {
      "rocky/decision": decision.decision,
      "rocky/decision_reason": decision.reason,
      "dagster/duration_ms": Math.round(run.durationMs),
      ...runMetadata(report),
    },
  });
};

const errorText = (run: RunOutput, model: ModelIdentity, suffix: string | undefined) => {
  const own = run.errors.filter((error) => isAbout(error.assetKey, model, suffix));
  if (own.length === 0 && model.isOneOfSeveral) return undefined;
  // Engines file runtime errors under names like `<runtime>`; in a run of one model they are that model's.
  const errors = own.length > 0 ? own : run.errors;
  const [first] = errors;
  if (first === undefined) return undefined;
  return {
    reason: [...new Set(errors.map(({ error }) => error))].join("\n"),
    failureKind: first.failureKind,
  };
};

const withErrors = (problems: readonly string[], run: RunOutput): string =>
  [...problems, ...new Set(run.errors.map(({ error }) => error))].join("; ");

/** Reads the verdict on one model from the run that was made for it. */
export const modelOutcome = (report: RunReport, model: ModelIdentity): ModelOutcome => {
  const { run } = report;
  const done = written(report, model);
  const contained = run.contained.find((entry) => entry.model === model.name);
  if (contained !== undefined)
    return {
      events: done.events,
      failure: {
        reason: `not built, blocked by ${contained.blockedBy.join(", ")}. ${contained.unblockHint}`.trim(),
        failureKind: "contained",
      },
    };
  const failed = errorText(run, model, report.shadowSuffix);
  if (failed !== undefined) return { events: done.events, failure: failed };
  const problems = runProblems(run);
  const isOnlyOfOthers = model.isOneOfSeveral === true && done.events.length > 0 && !run.interrupted;
  if (problems.length > 0 && !isOnlyOfOthers)
    return { events: done.events, failure: { reason: withErrors(problems, run) } };
  const missing = done.whole ? [] : model.partitions.filter((key) => !done.partitions.has(key));
  if (missing.length > 0 && done.partitions.size > 0)
    return {
      events: done.events,
      failure: { reason: `the engine did not report partitions ${missing.join(", ")}` },
    };
  if (done.events.length > 0) return { events: done.events };
  const unchanged = upToDate(report, model);
  if (unchanged !== undefined) return { events: [unchanged] };
  if (run.status === "SkippedIdempotent")
    return {
      events: [
        AssetEvent.observe({
          assetKey: model.key,
          description: "Not built again: a run with this idempotency key has built it",
          metadata: {
            "rocky/skipped_idempotent": true,
            ...(run.skippedByRunId === undefined ? {} : { "rocky/skipped_by_run_id": run.skippedByRunId }),
          },
        }),
      ],
    };
  return { events: [], failure: { reason: "the engine did not report it as built" } };
};

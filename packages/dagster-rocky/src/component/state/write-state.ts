import { readFile } from "node:fs/promises";
import { type ComponentLogger, type RefreshReport, writeFileDurably } from "@dagster-rocky/dagster";
import { RockyComponentError, reasonOf } from "../component-error.ts";
import type { RockyComponentOptions } from "../options.ts";
import { parseRawState } from "./read-state.ts";
import { refreshSummary } from "./refresh-summary.ts";
import { type CallOutcome, refreshCalls, type StateEngine } from "./refresh-calls.ts";
import { EMPTY_DISCOVER } from "./slots.ts";
import type { StateCall } from "./state.ts";
import { isObject, type JsonRecord } from "../json.ts";

export interface WriteStateInput {
  readonly options: RockyComponentOptions;
  readonly projectRoot: string;
  readonly engine: StateEngine;
  readonly log: ComponentLogger;
  readonly signal?: AbortSignal | undefined;
  /** Injected so that tests know the time. */
  readonly now?: () => Date;
}

/**
 * Asks the engine and writes the answers. A call that fails leaves the slot that an earlier refresh wrote
 * and is noted beside it; nothing is written when `strict_build` or a schema mismatch makes the refresh
 * fail, or when `signal` is aborted. The report names the call without which nothing was refreshed.
 */
export async function writeState(path: string, input: WriteStateInput): Promise<RefreshReport> {
  const { options, log } = input;
  const previous = await previousState(path, input);
  const outcomes = await refreshCalls(input, previous);
  input.signal?.throwIfAborted();
  refuseUnlessTolerated(outcomes, options);
  const next = nextState(previous, outcomes, options, (input.now ?? (() => new Date()))());
  await writeFileDurably(path, `${JSON.stringify(next)}\n`);
  for (const line of refreshSummary(previous, next)) log.info(line);
  await runHook(path, input);
  return { problems: problemsOf(outcomes, options) };
}

/** The one answer without which the state says nothing new. */
function problemsOf(outcomes: Outcomes, options: RockyComponentOptions): readonly string[] {
  const call = options.dagMode ? "dag" : "discover";
  const outcome = outcomes.get(call);
  if (outcome?.kind !== "failed") return [];
  return [`"${call}" failed, so what it told before is kept: ${outcome.reason}`];
}

/** A file that cannot be read is no reason not to write a good one. */
async function previousState(path: string, { options, log }: WriteStateInput): Promise<JsonRecord> {
  const content = await readFile(path, "utf8").catch(() => undefined);
  if (content === undefined) return {};
  try {
    return parseRawState(content, path, options.defsState.key);
  } catch (error) {
    log.warn(`${reasonOf(error)} This refresh replaces it.`);
    return {};
  }
}

type Outcomes = ReadonlyMap<StateCall, CallOutcome>;

function refuseUnlessTolerated(outcomes: Outcomes, options: RockyComponentOptions): void {
  for (const [call, outcome] of outcomes) {
    if (outcome.kind !== "failed") continue;
    if (outcome.isSchemaMismatch && (call === "compile" || call === "optimize")) {
      throw new RockyComponentError(
        "SCHEMA_MISMATCH",
        `The engine's "${call}" output does not have the shape this version reads: ${outcome.reason}. ` +
          "Nothing was written. Use an engine of a version that this package supports.",
        { cause: outcome.cause },
      );
    }
    if (options.strictBuild && (call === "discover" || call === "dag")) {
      throw new RockyComponentError(
        "REFRESH_FAILED",
        `strict_build: "${call}" failed and nothing was written: ${outcome.reason}`,
        { cause: outcome.cause },
      );
    }
  }
}

const OWN_SLOTS = ["discover", "compile", "optimize", "dag", "dag_status", "dag_error", "refresh_failures"];

/** Slots in the order in which Python writes them, then ours, then those of others. */
function nextState(
  previous: JsonRecord,
  outcomes: Outcomes,
  options: RockyComponentOptions,
  now: Date,
): JsonRecord {
  const next: Record<string, unknown> = {};
  const failures: JsonRecord[] = [];
  for (const call of ["discover", "compile", "optimize", "dag"] as const) {
    const outcome = outcomes.get(call);
    if (outcome?.kind === "answered") next[call] = outcome.slot;
    if (outcome?.kind !== "failed") continue;
    const kept = usable(previous[call]);
    if (kept) next[call] = previous[call];
    failures.push(failure(call, outcome.reason, kept, now));
  }
  next.discover ??= EMPTY_DISCOVER;
  addLineage(next, previous, outcomes, failures, now);

  const dag = outcomes.get("dag");
  next.dag_status = !options.dagMode ? "disabled" : dag?.kind === "failed" ? "failed" : "success";
  if (dag?.kind === "failed") next.dag_error = { message: dag.reason };
  if (failures.length > 0) next.refresh_failures = failures;
  for (const slot of Object.keys(previous)) if (!OWN_SLOTS.includes(slot)) next[slot] = previous[slot];
  return next;
}

function addLineage(
  next: Record<string, unknown>,
  previous: JsonRecord,
  outcomes: Outcomes,
  failures: JsonRecord[],
  now: Date,
): void {
  const outcome = outcomes.get("lineage");
  const compile = next.compile;
  if (!outcome || !isObject(compile)) return;
  const before = isObject(previous.compile) ? previous.compile.upstream_reads : undefined;
  if (outcome.kind === "failed") failures.push(failure("lineage", outcome.reason, before !== undefined, now));
  const reads = outcome.kind === "answered" ? outcome.slot : before;
  if (reads !== undefined) next.compile = { ...compile, upstream_reads: reads };
}

const failure = (call: StateCall, reason: string, kept: boolean, now: Date): JsonRecord => ({
  call,
  at: now.toISOString(),
  reason,
  kept_previous: kept,
});

/** The stand-in for a discovery that failed before is nothing to keep. */
const usable = (slot: unknown): boolean => isObject(slot) && slot.version !== EMPTY_DISCOVER.version;

/** The state is written: whatever the hook does, that stays true. */
async function runHook(path: string, { options, log }: WriteStateInput): Promise<void> {
  try {
    await options.postStateWriteHook?.(path);
  } catch (error) {
    log.warn(`post_state_write_hook failed after ${path} was written: ${reasonOf(error)}`);
  }
}

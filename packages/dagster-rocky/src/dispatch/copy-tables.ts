import { type AssetEvent, type AssetExecutionContext, AssetKey, type Failure } from "@dagster-rocky/dagster";
import { coveredByEmptyOutputs, emptyOutputs } from "../events/empty-outputs.ts";
import type { KeyIndex } from "../events/key-index.ts";
import { createLedger, type Ledger, type OwedAsset } from "../events/ledger.ts";
import { placeholderChecks } from "../events/placeholders.ts";
import { copyVerdict, hitQuota } from "../events/verdict.ts";
import { toFailure } from "../resource/index.ts";
import { afterCopy } from "./after-copy.ts";
import { logCachedCompile } from "./compile-log.ts";
import type { DispatchSettings } from "./compute.ts";
import { openPipes } from "./open-pipes.ts";
import type { OpRuntime } from "./op-runtime.ts";
import type { CachedCompile, ContractRules } from "./plans.ts";

/** One copy job: which engine calls to make and what they owe. */
export interface CopyJob {
  readonly owed: readonly OwedAsset[];
  readonly index: KeyIndex;
  /** `key=value`, one engine call each, in this order. Empty text means everything. */
  readonly filters: readonly string[];
  /** Further filters, asked for once all calls went well: sources that the filters above did not reach. */
  readonly unreached?: (ledger: Ledger) => readonly string[];
  readonly pipeline?: string;
  /** True when the calls may also touch tables that are not selected. */
  readonly widerThanSelection: boolean;
  /** Ids of assets that need not be reported: a tenant may lack tables that others have. */
  readonly mayBeAbsent: ReadonlySet<string>;
  /** How the engine calls an asset: its path with slashes. */
  readonly nativeName: (key: AssetKey) => string;
  readonly contractOf: (key: AssetKey) => ContractRules | undefined;
  readonly compile?: CachedCompile;
}

/** One line for the log about a finished engine call. */
const summary = (
  filter: string,
  run: { tablesCopied: number; tablesFailed: number; durationMs: number },
): string =>
  `${filter === "" ? "run" : filter}: ${run.tablesCopied} tables copied, ${run.tablesFailed} failed in ${run.durationMs} ms`;

/**
 * Copies tables and reports what happened: the events of each engine call as soon as it ends, then everything
 * that is measured afterwards, then the verdict. Nothing that happened is lost when a later call fails.
 */
export async function* copyTables(
  job: CopyJob,
  settings: DispatchSettings,
  context: AssetExecutionContext,
  { resource, call }: OpRuntime,
): AsyncGenerator<AssetEvent> {
  const { log } = context;
  const { owed } = job;
  logCachedCompile(job.compile, log);
  const ledger = createLedger(owed, job.index, log);
  let cutShortBy: Failure | undefined;

  const filters = [...job.filters];
  for (let at = 0; at < filters.length; at += 1) {
    const filter = filters[at] ?? "";
    try {
      const options = { filter, ...(job.pipeline === undefined ? {} : { pipeline: job.pipeline }) };
      const report =
        settings.executionMode === "pipes"
          ? await resource.runPipes(options, call, (planId) =>
              openPipes(context, planId, job.owed, job.nativeName, call),
            )
          : await resource.runStreaming(options, call);
      yield* ledger.take(report);
      log.info(summary(filter, report.run));
      for (const warning of report.run.schedulingWarnings) log.warn(`rocky: ${warning}`);
      if (hitQuota(report.run)) {
        log.warn("The engine ran into a quota; the remaining sources are left for the retry");
        break;
      }
      if (at === job.filters.length - 1) filters.push(...(job.unreached?.(ledger) ?? []));
    } catch (error) {
      if (context.signal.aborted) throw error;
      cutShortBy = toFailure(error);
      break;
    }
  }
  if (cutShortBy !== undefined && ledger.runs.length === 0) throw cutShortBy;

  const excused = new Set(job.mayBeAbsent);
  if (settings.satisfyEmptyOutputs && cutShortBy === undefined) {
    for (const id of coveredByEmptyOutputs(owed, ledger)) excused.add(id);
    yield* emptyOutputs(owed, ledger, log);
  }
  for (const { key } of owed) {
    if (ledger.outcomeOf(key) === undefined && job.mayBeAbsent.has(AssetKey.id(key)))
      log.info(`${AssetKey.toUserString(key)}: the engine has no such table for this partition`);
    if (ledger.outcomeOf(key)?.kind === "unchanged" && !settings.satisfyEmptyOutputs)
      log.warn(
        `${AssetKey.toUserString(key)} has not changed since its last copy and is not materialized again`,
      );
  }
  yield* afterCopy(job, ledger, settings, context, { resource, call });
  yield* placeholderChecks(
    owed,
    ledger,
    (check) => context.instance.latestCheck(check, context.partitionKey),
    log,
  );
  const failure = copyVerdict(owed, ledger, {
    excused,
    widerThanSelection: job.widerThanSelection,
    ...(cutShortBy === undefined ? {} : { cutShortBy }),
  });
  if (failure !== undefined) throw failure;
}

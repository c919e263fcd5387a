import type { AssetEvent, AssetExecutionContext, AssetKey } from "@dagster-rocky/dagster";
import { COMPLIANCE_CHECK } from "../checks/names.ts";
import { contractNotVerified, contractResult } from "../events/contracts.ts";
import type { Ledger, OwedAsset } from "../events/ledger.ts";
import { complianceResults, complianceUnknown } from "../governance/compliance.ts";
import { retentionObservations } from "../governance/retention.ts";
import { RockyError } from "../resource/index.ts";
import type { DispatchSettings } from "./compute.ts";
import type { CopyJob } from "./copy-tables.ts";
import type { OpRuntime } from "./op-runtime.ts";
import type { DeclaredCheck } from "./plans.ts";

const owing = (owed: readonly OwedAsset[], origin: DeclaredCheck["origin"]): readonly OwedAsset[] =>
  owed.filter(({ checks }) => checks.some((check) => check.origin === origin));

const reasonOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

const isCanceled = (error: unknown): boolean => error instanceof RockyError && error.kind === "canceled";

async function* compliance(job: CopyJob, ledger: Ledger, { log }: AssetExecutionContext, runtime: OpRuntime) {
  const keys = owing(job.owed, "compliance").map(({ key }) => key);
  const events = await runtime.resource.compliance({}, runtime.call).then(
    (output) => {
      const isMaterialized = (key: AssetKey): boolean => ledger.outcomeOf(key)?.kind === "materialized";
      const { results, strangers } = complianceResults(keys, output, isMaterialized);
      if (strangers.length > 0)
        log.info(`Compliance exceptions of models that no asset of this op shows: ${strangers.join(", ")}`);
      return results;
    },
    (error: unknown) => {
      if (isCanceled(error)) throw error;
      log.warn(`The compliance report could not be made: ${reasonOf(error)}`);
      return complianceUnknown(keys, reasonOf(error));
    },
  );
  for (const event of events) {
    ledger.settle(event.assetKey, COMPLIANCE_CHECK);
    yield event;
  }
}

async function* retention(job: CopyJob, { log }: AssetExecutionContext, runtime: OpRuntime) {
  try {
    const output = await runtime.resource.retentionStatus({}, runtime.call);
    yield* retentionObservations(
      job.owed.map(({ key }) => key),
      output,
    );
  } catch (error) {
    if (isCanceled(error)) throw error;
    log.warn(`The retention report could not be made: ${reasonOf(error)}`);
  }
}

/** Contracts are checked against the project as it is now, not as it was at the last refresh. */
async function* contracts(job: CopyJob, ledger: Ledger, runtime: OpRuntime) {
  const assets = owing(job.owed, "contract").filter(
    ({ key }) => ledger.outcomeOf(key)?.kind === "materialized",
  );
  if (assets.length === 0) return;
  const compiled = await runtime.resource.compile({}, runtime.call).catch((error: unknown) => {
    if (isCanceled(error)) throw error;
    return reasonOf(error);
  });
  for (const { key, checks } of assets) {
    const model = job.contractOf(key)?.model ?? key.path.at(-1) ?? "";
    for (const { name } of checks.filter(({ origin }) => origin === "contract")) {
      ledger.settle(key, name);
      yield typeof compiled === "string"
        ? contractNotVerified(key, name, compiled)
        : contractResult(key, name, model, compiled.diagnostics);
    }
  }
}

/**
 * What is measured once the tables are written: compliance, retention and contracts. It comes after the
 * materializations, so that Dagster connects it with them.
 */
export async function* afterCopy(
  job: CopyJob,
  ledger: Ledger,
  settings: DispatchSettings,
  context: AssetExecutionContext,
  runtime: OpRuntime,
): AsyncGenerator<AssetEvent> {
  if (settings.surfaceCompliance && owing(job.owed, "compliance").length > 0)
    yield* compliance(job, ledger, context, runtime);
  if (settings.surfaceRetentionStatus) yield* retention(job, context, runtime);
  yield* contracts(job, ledger, runtime);
}

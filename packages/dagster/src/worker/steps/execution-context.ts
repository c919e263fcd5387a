import type { AssetExecutionContext, StepLogger } from "../../definitions/execution-context.ts";
import type { RunStep } from "../plan/run-plan.ts";
import type { RunScope } from "./step-scope.ts";

/** What the op of one attempt sees. */
export async function createExecutionContext(
  scope: RunScope,
  step: RunStep,
  attempt: number,
): Promise<AssetExecutionContext> {
  const { definition } = step;
  const spec = step.outputs.find((output) => output.asset?.partitionsDef !== undefined)?.asset;
  const partitionKeys = (spec && (await scope.partitionsOf(spec))) ?? [];
  const { key, range } = scope.partitions;
  return {
    runId: scope.source.runId,
    jobName: scope.source.jobName,
    opName: definition.opName,
    stepKey: step.key,
    retryNumber: attempt,
    signal: scope.signal,
    log: stepLogger(scope, step.key),
    selectedAssetKeys: step.outputs.flatMap((output) => (output.asset ? [output.asset.key] : [])),
    selectedCheckKeys: step.outputs.flatMap((output) => (output.check ? [output.check.key] : [])),
    runTags: scope.runTags,
    opConfig: scope.opConfig(step),
    ...(key === undefined ? {} : { partitionKey: key }),
    ...(range === undefined ? {} : { partitionKeyRange: range }),
    partitionKeys,
    resources: await scope.resources(definition.requiredResourceKeys),
    instance: scope.reader,
  };
}

/** Writes to the log of the step. */
export function stepLogger({ logs }: RunScope, stepKey: string): StepLogger {
  return {
    debug: (message, fields) => logs.line(stepKey, "debug", message, fields),
    info: (message, fields) => logs.line(stepKey, "info", message, fields),
    warn: (message, fields) => logs.line(stepKey, "warning", message, fields),
    error: (message, fields) => logs.line(stepKey, "error", message, fields),
  };
}

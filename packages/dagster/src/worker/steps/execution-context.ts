import type { AssetExecutionContext, StepLogger } from "../../definitions/execution-context.ts";
import { type Level, LEVELS, logLine } from "../events/entry.ts";
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

function stepLogger(scope: RunScope, stepKey: string): StepLogger {
  const { runId, jobName } = scope.source;
  const post = (name: string, level: Level) => (message: string) => {
    scope.sink.post(logLine(scope.source, level, message, stepKey));
    // The captured log of a step shows what was logged between the lines that it printed.
    process.stderr.write(
      `${timeText(new Date())} - dagster - ${name} - ${jobName} - ${runId} - ${stepKey} - ${message}\n`,
    );
  };
  return {
    debug: post("DEBUG", LEVELS.debug),
    info: post("INFO", LEVELS.info),
    warn: post("WARNING", LEVELS.warning),
    error: post("ERROR", LEVELS.error),
  };
}

/** `2025-04-04 10:00:00.123`, UTC. */
const timeText = (at: Date): string => at.toISOString().replace("T", " ").replace("Z", "");

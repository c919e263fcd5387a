import type { HookDefinition } from "../../definitions/hooks.ts";
import { errorInfo } from "../../wire/index.ts";
import { hookCompleted, hookErrored, hookSkipped } from "../events/hook-events.ts";
import type { RunStep } from "../plan/run-plan.ts";
import type { StepOutcome } from "../steps/execute-step.ts";
import { stepLogger } from "../steps/execution-context.ts";
import type { RunScope } from "../steps/step-scope.ts";

/** What follows one attempt of a step, one hook after the other. A step that was interrupted has no hooks. */
export async function runHooks(
  scope: RunScope,
  step: RunStep,
  hooks: readonly HookDefinition[],
  outcome: StepOutcome,
): Promise<void> {
  if (outcome.kind === "interrupted") return;
  const { source, sink } = scope;
  const event = { succeeded: "success", failed: "failure", retry: undefined }[outcome.kind];
  for (const hook of hooks) {
    if (hook.on !== event) {
      await sink.emit(hookSkipped(source, step.key, hook.name));
      continue;
    }
    try {
      await hook.run({
        hookName: hook.name,
        runId: source.runId,
        jobName: source.jobName,
        opName: step.definition.opName,
        stepKey: step.key,
        runTags: scope.runTags,
        opConfig: scope.opConfig(step),
        log: stepLogger(scope, step.key),
        instance: scope.reader,
        resources: await scope.resources(hook.requiredResourceKeys),
        signal: scope.signal,
        ...(outcome.kind === "failed" ? { error: outcome.error } : {}),
      });
    } catch (error) {
      await sink.emit(hookErrored(source, step.key, errorInfo(error)));
      continue;
    }
    await sink.emit(hookCompleted(source, step.key, hook.name));
  }
}

/** The hooks of a step: those of its op, then those of the job, each once. */
export const hooksOf = (
  step: RunStep,
  jobHooks: readonly HookDefinition[] | undefined,
): readonly HookDefinition[] => [...new Set([...(step.definition.hooks ?? []), ...(jobHooks ?? [])])];

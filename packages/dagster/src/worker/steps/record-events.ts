import type {
  AssetCheckResult,
  AssetEvent,
  AssetObservation,
  MaterializeResult,
} from "../../definitions/events.ts";
import { AssetKey } from "../../definitions/keys.ts";
import { LEVELS, logLine } from "../events/entry.ts";
import { StepError } from "../events/step-errors.ts";
import {
  assetMaterialized,
  assetObserved,
  checkEvaluated,
  stepOutput,
  type TargetMaterialization,
} from "../events/step-events.ts";
import { dimensionTags } from "../../snapshot/partition-replies.ts";
import type { StepOutput, RunStep } from "../plan/run-plan.ts";
import { checkMetadata } from "./check-metadata.ts";
import { type InputVersions, observedVersionTags, provenanceTags } from "./data-versions.ts";
import type { StepOutputs } from "./step-outputs.ts";
import type { RunScope } from "./step-scope.ts";

/** Turns what an op yields into events of its step, one at a time. */
export interface StepRecorder {
  record(event: AssetEvent): Promise<void>;
  /** Blocking checks that failed with severity ERROR, as `asset: check,check` lines. */
  blockingFailures(): { readonly count: number; readonly lines: readonly string[] };
}

export function createStepRecorder(
  scope: RunScope,
  step: RunStep,
  outputs: StepOutputs,
  inputs: InputVersions,
  onProduced: (outputName: string) => void,
): StepRecorder {
  const { source, sink } = scope;
  const failed = new Map<string, string[]>();

  const yieldOutput = async (output: StepOutput, metadata: AssetEvent["metadata"]): Promise<void> => {
    await sink.emit(
      stepOutput(source, step.key, { outputName: output.name, typeName: output.typeName, metadata }),
    );
    onProduced(output.name);
  };

  /** Partitions that one event is about; undefined for an asset that is not partitioned. */
  const partitionsFor = async (
    event: MaterializeResult | AssetObservation,
    output: ReturnType<StepOutputs["asset"]>,
  ): Promise<readonly string[] | undefined> => {
    const all = await scope.partitionsOf(output.asset);
    if (event.partition === undefined) return all;
    if (all !== undefined && !all.includes(event.partition)) {
      throw new StepError(
        `op "${step.key}" yielded partition ${event.partition} of asset ${AssetKey.toUserString(event.assetKey)}, which this run is not about`,
      );
    }
    return [event.partition];
  };

  const materialize = async (event: MaterializeResult): Promise<void> => {
    const output = outputs.asset(event.assetKey);
    const partitions = await partitionsFor(event, output);
    if (outputs.take(output, partitions)) await yieldOutput(output, event.metadata);
    inputs.forget(event.assetKey);
    const provenance = await provenanceTags(output.asset, inputs, {
      runId: source.runId,
      dataVersion: event.dataVersion,
    });
    const { assetKey, description, metadata } = event;
    // Together: a range may have thousands of keys, and each commit costs.
    const stored = (partitions ?? [undefined]).map((partition) => {
      const dimensions = dimensionTags(output.asset.partitionsDef, partition);
      const tags = { ...provenance, ...event.tags, ...dimensions };
      const row = assetMaterialized(source, step.key, { assetKey, description, metadata, tags, partition });
      return sink.emit(row);
    });
    await Promise.all(stored);
  };

  const observe = async (event: AssetObservation): Promise<void> => {
    const { assetKey, description, metadata } = event;
    const tags = { ...observedVersionTags(event.dataVersion), ...event.tags };
    const isOutput = step.definition.kind === "assets" && step.definition.executionType === "observation";
    if (!isOutput) {
      await sink.emit(
        assetObserved(source, step.key, {
          assetKey,
          description,
          metadata,
          tags,
          partition: event.partition,
        }),
      );
      return;
    }
    const output = outputs.asset(assetKey);
    const partitions = await partitionsFor(event, output);
    if (outputs.take(output, partitions)) await yieldOutput(output, metadata);
    for (const partition of partitions ?? [undefined]) {
      await sink.emit(assetObserved(source, step.key, { assetKey, description, metadata, tags, partition }));
    }
  };

  const targetOf = async (assetKey: AssetKey): Promise<TargetMaterialization | undefined> => {
    const { key } = scope.partitions;
    const found = await (key === undefined
      ? latestMaterialization(scope, assetKey)
      : scope.instance.events.latestEvent(assetKey.path, "ASSET_MATERIALIZATION", key));
    return found && { runId: found.runId, storageId: found.storageId, timestamp: found.timestamp };
  };

  const evaluate = async (event: AssetCheckResult): Promise<void> => {
    const { spec, output } = outputs.check({ assetKey: event.assetKey, name: event.checkName });
    const target = await targetOf(event.assetKey);
    if (output === undefined) {
      const name = AssetKey.toUserString(event.assetKey);
      const message = `Check ${event.checkName} of asset ${name} was yielded although it is not selected. Letting it through.`;
      sink.post(logLine(source, LEVELS.warning, message, step.key));
    } else {
      outputs.take(output, undefined);
      await yieldOutput(output, {});
    }
    await sink.emit(
      checkEvaluated(source, step.key, {
        assetKey: event.assetKey,
        checkName: event.checkName,
        passed: event.passed,
        severity: event.severity,
        blocking: spec.blocking,
        description: event.description,
        metadata: event.metadata,
        partition: spec.partitionsDef === undefined ? undefined : (event.partition ?? scope.partitions.key),
        target,
      }),
    );
    if (event.passed || event.severity !== "ERROR" || !spec.blocking) return;
    const asset = AssetKey.toUserString(event.assetKey);
    failed.set(asset, [...(failed.get(asset) ?? []), event.checkName]);
  };

  return {
    record: async (event) => {
      if (event?.metadata !== undefined) checkMetadata(`op "${step.key}"`, event.metadata);
      switch (event?.kind) {
        case "materialize":
          return materialize(event);
        case "observe":
          return observe(event);
        case "check":
          return evaluate(event);
        default:
          return unreachable(step, event);
      }
    },
    blockingFailures: () => ({
      count: [...failed.values()].flat().length,
      lines: [...failed].map(([asset, checks]) => `${asset}: ${checks.join(",")}`),
    }),
  };
}

async function latestMaterialization(scope: RunScope, assetKey: AssetKey) {
  const newest = await scope.instance.events.latestMaterializations([assetKey.path]);
  return [...newest.values()][0];
}

/** JavaScript callers can yield anything. */
function unreachable(step: RunStep, event: never): never {
  throw new StepError(
    `op "${step.key}" yielded ${JSON.stringify(event)}, which is no event; yield AssetEvent.materialize, .check or .observe`,
  );
}

import type { AssetCheckSpec, AssetSpec } from "../../definitions/assets.ts";
import type { NodeOutput, OpDefinition, OpOutput, PlannedStep, RunPlan } from "../../planning/index.ts";
import { outputType } from "../../snapshot/job-snapshot.ts";

/** A selected asset or check that a step can yield. */
export interface StepOutput {
  readonly name: string;
  /** The Dagster type that the job's snapshot gives the output. */
  readonly typeName: "Any" | "Nothing";
  readonly asset?: AssetSpec;
  readonly check?: AssetCheckSpec;
}

/** An output of another step of the same run that a step waits for. */
export interface StepInput {
  readonly stepKey: string;
  readonly outputName: string;
  /** A blocking check gates by failing its step; that it gave no result does not hold anyone up. */
  readonly isCheck: boolean;
}

/** A step as the worker runs it: the plan's own, reduced to what happens in this run. */
export interface RunStep {
  readonly key: string;
  readonly definition: OpDefinition;
  /** In definition order. */
  readonly outputs: readonly StepOutput[];
  readonly inputs: readonly StepInput[];
  readonly pool: string | undefined;
  /** Higher goes first. */
  readonly priority: number;
}

/** The steps that this run executes, upstream first. */
export function runSteps(plan: RunPlan): readonly RunStep[] {
  const checkOutputs = new Map(
    plan.steps.map((step) => [
      step.key,
      new Set(step.node.op.outputs.flatMap((output) => (output.check === undefined ? [] : [output.name]))),
    ]),
  );
  const isCheck = (output: NodeOutput): boolean => checkOutputs.get(output.node)?.has(output.output) ?? false;
  return plan.stepKeysToExecute.flatMap((key) => {
    const step = plan.stepByKey.get(key);
    return step === undefined ? [] : [runStep(step, isCheck)];
  });
}

function runStep(step: PlannedStep, isCheck: (output: NodeOutput) => boolean): RunStep {
  return {
    key: step.key,
    definition: step.node.op.definition,
    outputs: selectedOutputs(step),
    inputs: step.node.inputs
      .flatMap((input) => input.upstream)
      .map((output) => ({ stepKey: output.node, outputName: output.output, isCheck: isCheck(output) })),
    pool: step.pool,
    priority: Number.parseInt(step.tags["dagster/priority"] ?? "0", 10) || 0,
  };
}

function selectedOutputs(step: PlannedStep): readonly StepOutput[] {
  const assets = new Set(step.assets);
  const checks = new Set(step.checks);
  const isSelected = ({ asset, check }: OpOutput): boolean =>
    (asset !== undefined && assets.has(asset)) || (check !== undefined && checks.has(check));
  return step.node.op.outputs.filter(isSelected).map((output) => ({
    name: output.name,
    typeName: outputType(step.node.op, output),
    ...(output.asset === undefined
      ? {}
      : { asset: partitioned(output.asset.spec, output.asset.partitionsDef) }),
    ...(output.check === undefined ? {} : { check: output.check.spec }),
  }));
}

/** An asset's partitions may be declared on its op. */
const partitioned = (spec: AssetSpec, partitionsDef: AssetSpec["partitionsDef"]): AssetSpec =>
  partitionsDef === undefined || spec.partitionsDef !== undefined ? spec : { ...spec, partitionsDef };

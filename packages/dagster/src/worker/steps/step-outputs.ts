import type { AssetCheckSpec, AssetSpec } from "../../definitions/assets.ts";
import { AssetCheckKey, AssetKey } from "../../definitions/keys.ts";
import { MissingOutputError, StepError } from "../events/step-errors.ts";
import type { StepOutput, RunStep } from "../plan/run-plan.ts";
import { didYouMean } from "../../text-distance.ts";

/** Which outputs of a step have been yielded, and whether it may yield what it does. */
export interface StepOutputs {
  /** The selected output that holds this asset. */
  asset(key: AssetKey): StepOutput & { readonly asset: AssetSpec };
  /** The check's declaration, and its output when it is selected. */
  check(key: AssetCheckKey): { readonly spec: AssetCheckSpec; readonly output: StepOutput | undefined };
  /** Records partitions (or the whole asset) as yielded; true when the output is seen for the first time. */
  take(output: StepOutput, partitions: readonly string[] | undefined): boolean;
  /** Throws when something required was not yielded. `expected` gives the partitions that an asset has in the run. */
  verify(expected: (spec: AssetSpec) => Promise<readonly string[] | undefined>): Promise<void>;
}

/** Stands for an asset without partitions; no partition key is this. */
const WHOLE: unique symbol = Symbol("the whole asset");
type Part = string | typeof WHOLE;

export function createStepOutputs(step: RunStep): StepOutputs {
  const { definition } = step;
  const specs = definition.kind === "assets" ? definition.specs : [];
  const assets = new Map(
    step.outputs.flatMap((output) =>
      output.asset ? [[AssetKey.id(output.asset.key), output] as const] : [],
    ),
  );
  const checks = new Map(
    step.outputs.flatMap((output) =>
      output.check ? [[AssetCheckKey.id(output.check.key), output] as const] : [],
    ),
  );
  const declared = new Map(definition.checkSpecs.map((spec) => [AssetCheckKey.id(spec.key), spec]));
  const seen = new Map<string, Set<Part>>();

  return {
    asset: (key) => {
      const output = assets.get(AssetKey.id(key));
      if (output?.asset !== undefined) return { ...output, asset: output.asset };
      throw unknownAsset(step, key, specs);
    },
    check: (key) => {
      const spec = declared.get(AssetCheckKey.id(key));
      if (spec === undefined) throw unknownCheck(step, key);
      return { spec, output: checks.get(AssetCheckKey.id(key)) };
    },
    take: (output, partitions) => {
      const first = !seen.has(output.name);
      const taken = seen.get(output.name) ?? new Set<Part>();
      seen.set(output.name, taken);
      const parts: readonly Part[] = partitions ?? [WHOLE];
      for (const partition of parts) {
        if (taken.has(partition) || taken.has(WHOLE)) throw yieldedTwice(step, output, partition);
        taken.add(partition);
      }
      return first;
    },
    verify: async (expected) => {
      const missing: string[] = [];
      for (const output of step.outputs) {
        if (output.asset !== undefined && !output.asset.skippable) {
          missing.push(...missingParts(output.asset, seen.get(output.name), await expected(output.asset)));
        } else if (output.check !== undefined && isRequiredCheck(step) && !seen.has(output.name)) {
          missing.push(
            `check ${output.check.key.name} of asset ${AssetKey.toUserString(output.check.key.assetKey)}`,
          );
        }
      }
      if (missing.length > 0) throw new MissingOutputError(missingMessage(step, missing));
    },
  };
}

/** Checks of a subsettable op may be left out, as in the host's own contract. */
const isRequiredCheck = (step: RunStep): boolean =>
  step.definition.kind === "checks" || !step.definition.canSubset;

function missingParts(
  spec: AssetSpec,
  seen: ReadonlySet<Part> | undefined,
  partitions: readonly string[] | undefined,
): readonly string[] {
  const name = `asset ${AssetKey.toUserString(spec.key)}`;
  if (seen === undefined) return [name];
  if (seen.has(WHOLE) || partitions === undefined) return [];
  const left = partitions.filter((partition) => !seen.has(partition));
  return left.length === 0 ? [] : [`${name} (partition ${listed(left)})`];
}

const listed = (names: readonly string[], limit = 5): string =>
  names.length <= limit
    ? names.join(", ")
    : `${names.slice(0, limit).join(", ")} and ${names.length - limit} more`;

function missingMessage(step: RunStep, missing: readonly string[]): string {
  const what = missing.some((name) => name.startsWith("asset")) ? "materializing" : "evaluating";
  return `op "${step.key}" ended without ${what} ${listed(missing, 10)}. Nothing is recorded for what an op does not yield.`;
}

function unknownAsset(step: RunStep, key: AssetKey, specs: readonly AssetSpec[]): StepError {
  const name = AssetKey.toUserString(key);
  if (specs.some((spec) => AssetKey.equals(spec.key, key))) {
    return new StepError(`op "${step.key}" yielded asset ${name}, which is not selected in this run`);
  }
  const known = specs.map((spec) => AssetKey.toUserString(spec.key));
  return new StepError(
    `op "${step.key}" yielded asset ${name}, which it does not declare${didYouMean(name, known)}`,
  );
}

function unknownCheck(step: RunStep, key: AssetCheckKey): StepError {
  const hint = didYouMean(
    key.name,
    step.definition.checkSpecs.map((spec) => spec.key.name),
  );
  return new StepError(
    `op "${step.key}" yielded check ${key.name} of asset ${AssetKey.toUserString(key.assetKey)}, which it does not declare${hint}`,
  );
}

const yieldedTwice = (step: RunStep, output: StepOutput, partition: Part): StepError =>
  new StepError(
    `op "${step.key}" yielded output "${output.name}" multiple times${typeof partition === "string" ? ` for partition ${partition}` : ""}`,
  );

import type { Session } from "../../adapters/adapter.ts";
import { displayName, tableRef } from "../../adapters/table-ref.ts";
import type { CompiledModel } from "../../compile/index.ts";
import type { RunSettings } from "../../config/types/config.ts";
import type { StateDatabase } from "../../state/database.ts";
import { findBuild, forgetBuilds, putBuild } from "../../state/model-builds.ts";
import { isDeterministic } from "./deterministic.ts";
import { inputReader, type Inputs } from "./inputs.ts";

export interface Decision {
  readonly decision: "build" | "skip";
  readonly reason: string;
}

/** Decides which models need not be built again. In doubt a model is built. */
export interface SkipGate {
  /** Also forgets what was known of a model that will be built. */
  readonly decide: (model: CompiledModel) => Promise<Decision>;
  readonly built: (model: CompiledModel) => Promise<void>;
}

export interface SkipGateOptions {
  readonly models: ReadonlyMap<string, CompiledModel>;
  readonly session: Session;
  readonly state: StateDatabase;
  readonly settings: RunSettings;
  readonly runId: string;
}

/** Why a model is never skipped; undefined when it may be. */
const ineligible = ({ model, sql }: CompiledModel): string | undefined => {
  if (model.skip?.eligible === false) return "its sidecar says so";
  const { type } = model.strategy;
  if (type === "time_interval" || type === "ephemeral" || type === "content_addressed")
    return `its strategy is ${type}`;
  return isDeterministic(model, sql) ? undefined : "its SQL may give other rows from the same tables";
};

const targetOf = ({ model: { target } }: CompiledModel) =>
  tableRef(target.catalog, target.schema, target.table);

/** Two values that differ by no more than the tolerance, when both are times. */
const isClose = (before: string, now: string, toleranceSeconds: number): boolean => {
  const difference = Math.abs(Date.parse(now) - Date.parse(before));
  return toleranceSeconds > 0 && before.includes("T") && difference < toleranceSeconds * 1000;
};

const changedInput = (
  before: Readonly<Record<string, string>>,
  now: Readonly<Record<string, string>>,
  toleranceSeconds: number,
): string | undefined =>
  [...new Set([...Object.keys(before), ...Object.keys(now)])].find((name) => {
    const [old, current] = [before[name], now[name]];
    if (old === undefined || current === undefined) return true;
    return old !== current && !(name.startsWith("source ") && isClose(old, current, toleranceSeconds));
  });

export const createSkipGate = (options: SkipGateOptions): SkipGate => {
  const { models, session, state, settings, runId } = options;
  const reader = inputReader(models, session, state, settings);
  const read = new Map<string, Inputs>();

  const judge = async (model: CompiledModel): Promise<Decision> => {
    const build = (reason: string): Decision => ({ decision: "build", reason });
    const never = ineligible(model);
    if (never !== undefined) return build(`never skipped: ${never}`);
    const inputs = await reader.read(model);
    read.set(model.name, inputs);
    if (typeof inputs === "string") return build(inputs);
    const last = await findBuild(state, model.name);
    if (last === undefined) return build("it is not known from what its table was built");
    if (last.sqlHash !== model.sqlHash || last.target !== displayName(targetOf(model)))
      return build("its SQL or its target has changed");
    const changed = changedInput(last.inputs, inputs, settings.lagToleranceSeconds);
    if (changed !== undefined) return build(`${changed} has changed`);
    if ((await session.describe(targetOf(model))) === undefined) return build("its table is missing");
    return { decision: "skip", reason: "SQL and inputs are those of the last build" };
  };

  return {
    decide: async (model) => {
      const decision = await judge(model);
      if (decision.decision === "build") await forgetBuilds(state, [model.name]);
      return decision;
    },
    built: async (model) => {
      const inputs = read.get(model.name);
      // Readers of a model that is never skipped still have to know that it was built.
      const known = inputs === undefined || typeof inputs === "string" ? { unknown: runId } : inputs;
      const target = displayName(targetOf(model));
      await putBuild(state, model.name, { target, sqlHash: model.sqlHash, inputs: known, runId });
    },
  };
};

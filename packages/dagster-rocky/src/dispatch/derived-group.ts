import type { AssetEvent, AssetExecutionContext } from "@dagster-rocky/dagster";
import { createAllModels } from "./all-models.ts";
import type { DispatchSettings } from "./compute.ts";
import { type NodeResult, runInOrder } from "./in-order.ts";
import { type OpRuntime, openOp } from "./op-runtime.ts";
import type { DerivedGroupPlan, DerivedModel } from "./plans.ts";
import { runModel } from "./run-model.ts";

/** Builds the selected models of a default-mode project, and of what they read only what cannot be built before. */
export async function* dispatchDerivedGroup(
  plan: DerivedGroupPlan,
  settings: DispatchSettings,
  context: AssetExecutionContext,
): AsyncGenerator<AssetEvent> {
  const runtime = await openOp(context, settings.resourceKey);
  const models = await missing(plan.models, context);
  const nodes = models.map((model) => ({
    ...model,
    id: model.name,
    onDemand: model.madeElsewhere !== undefined,
    optional: model.madeElsewhere === "ifMissing",
  }));
  const allModels = createAllModels(plan.grain, context, runtime);
  yield* runInOrder("Model", nodes, context, async (model) => {
    if (model.madeElsewhere === undefined) return runModel(model, model.grain, context, runtime, allModels);
    context.log.info(
      `${model.name} belongs to another op and is built here, because models of this one read it`,
    );
    if (model.madeElsewhere === "ifMissing") return tryModel(model, context, runtime);
    const { failure } = await runModel(model, model.grain, context, runtime);
    return failure === undefined ? NOTHING : { ...NOTHING, failure };
  });
}

/**
 * Builds a model of another op for the engine's current partition: partitions of this run are not its own.
 * Its table may be there although no run reported it, so that what reads it is tried in any case.
 */
async function tryModel(
  model: DerivedModel,
  context: AssetExecutionContext,
  runtime: OpRuntime,
): Promise<NodeResult> {
  const problem = await runModel(model, undefined, context, runtime).then(
    ({ failure }) => failure?.reason,
    (error: unknown) => (error instanceof Error ? error.message : String(error)),
  );
  context.signal.throwIfAborted();
  if (problem !== undefined) context.log.warn(`${model.name} could not be built: ${problem}`);
  return NOTHING;
}

/** Without models of other ops that are there already: they neither run nor hold anything up. */
async function missing(
  models: readonly DerivedModel[],
  { instance }: AssetExecutionContext,
): Promise<readonly DerivedModel[]> {
  const needed = await Promise.all(
    models.map(
      async ({ key, madeElsewhere }) =>
        madeElsewhere !== "ifMissing" || (await instance.latestMaterialization(key)) === undefined,
    ),
  );
  return models.filter((_model, index) => needed[index]);
}

const NOTHING: NodeResult = Object.freeze({ events: [] });

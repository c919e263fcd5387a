import type { AssetEvent, AssetExecutionContext } from "@dagster-rocky/dagster";
import type { DispatchSettings } from "./compute.ts";
import { type NodeResult, runInOrder } from "./in-order.ts";
import { openOp } from "./op-runtime.ts";
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
    always: model.madeElsewhere !== undefined,
  }));
  yield* runInOrder("Model", nodes, context, async (model) => {
    if (model.madeElsewhere === undefined) return runModel(model, model.grain, context, runtime);
    context.log.info(
      `${model.name} belongs to another op and is built here, because models of this one read it`,
    );
    // Partitions of another op are not this run's: the engine takes the current one.
    const grain = model.madeElsewhere === "ahead" ? model.grain : undefined;
    const { failure } = await runModel(model, grain, context, runtime);
    return failure === undefined ? NOTHING : { ...NOTHING, failure };
  });
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

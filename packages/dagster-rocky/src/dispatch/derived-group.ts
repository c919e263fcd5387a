import type { AssetEvent, AssetExecutionContext } from "@dagster-rocky/dagster";
import type { DispatchSettings } from "./compute.ts";
import { runInOrder } from "./in-order.ts";
import { openOp } from "./op-runtime.ts";
import type { DerivedGroupPlan } from "./plans.ts";
import { runModel } from "./run-model.ts";

/** Builds the selected models of a default-mode project, and of what they read only what cannot be built before. */
export async function* dispatchDerivedGroup(
  plan: DerivedGroupPlan,
  settings: DispatchSettings,
  context: AssetExecutionContext,
): AsyncGenerator<AssetEvent> {
  const runtime = await openOp(context, settings.resourceKey);
  const models = plan.models.map((model) => ({
    ...model,
    id: model.name,
    always: model.madeElsewhere === true,
  }));
  yield* runInOrder("Model", models, context, async (model) => {
    const result = await runModel(model, model.grain, context, runtime);
    return model.madeElsewhere ? { ...result, events: [] } : result;
  });
}

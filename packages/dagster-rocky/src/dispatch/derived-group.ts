import type { AssetEvent, AssetExecutionContext } from "@dagster-rocky/dagster";
import type { DispatchSettings } from "./compute.ts";
import { runInOrder } from "./in-order.ts";
import { openOp } from "./op-runtime.ts";
import type { DerivedGroupPlan } from "./plans.ts";
import { runModel } from "./run-model.ts";

/** Builds the selected models of a default-mode project, and nothing that they read. */
export async function* dispatchDerivedGroup(
  plan: DerivedGroupPlan,
  settings: DispatchSettings,
  context: AssetExecutionContext,
): AsyncGenerator<AssetEvent> {
  const runtime = await openOp(context, settings.resourceKey);
  const models = plan.models.map((model) => ({ ...model, id: model.name }));
  yield* runInOrder("Model", models, context, (model) => runModel(model, plan.grain, context, runtime));
}
